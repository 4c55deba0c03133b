import { assertSlopes } from '../assert-slopes.js';
import { assertAllNear, at } from '../assertions.js';
import { drawBatch, withLogits, type Batch } from '../batch.js';
import { outcomeOf, valueOf } from '../call.js';
import { defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** log p and p are rounded once or twice; a loss near 0 loses the digits that p near 1 has lost. */
const ROUNDING = { absolute: 1e-12, relative: 1e-12 };

/** Differences are good to about h^4 and 2^-50 / h, that is 1e-11 to 1e-10 of the largest number involved. */
const DIFFERENCE_ERROR = 2e-9;

/** Steps that need logits have no meaning for probabilities: those losses refuse them. */
function takesProbabilities({ loss }: Subject): boolean {
  return loss.plan?.every(({ kind }) => kind === 'scale' || kind === 'mix' || kind === 'surprisal') ?? false;
}

/** Log-probabilities of the rows: of every class, or of the positive outcome of every element. */
function logProbabilities({ logits, width }: Batch, layout: Subject['layout']): Float64Array {
  // Rows drawn here are mild: the textbook form neither overflows nor loses digits.
  if (layout === 'elements') return logits.map((logit) => -Math.log1p(Math.exp(-logit)));
  const totals = logits.map((_, i) =>
    logits.subarray(i - (i % width), i - (i % width) + width).reduce((sum, logit) => sum + Math.exp(logit), 0),
  );
  return logits.map((logit, i) => logit - Math.log(at(totals, i)));
}

const sameLosses: Law = defineLaw(
  'probabilities and log-probabilities give the losses of the logits they came from',
  takesProbabilities,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const batch = drawBatch(subject, stream, { targets });
      const logs = logProbabilities(batch, subject.layout);
      const { losses } = outcomeOf(subject, batch);
      const fromLogs = outcomeOf(subject, withLogits(batch, logs), { input: 'log-probabilities' });
      assertAllNear(fromLogs.losses, losses, ROUNDING, `losses from log-probabilities, ${targets} targets`);
      const fromProbabilities = outcomeOf(subject, withLogits(batch, logs.map(Math.exp)), { input: 'probabilities' });
      assertAllNear(fromProbabilities.losses, losses, ROUNDING, `losses from probabilities, ${targets} targets`);
    }
  },
);

const gradientByInput: Law = defineLaw(
  'the gradient by probabilities or log-probabilities is that of the value returned',
  takesProbabilities,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const drawn = drawBatch(subject, stream, { rows: 4, targets, deviation: 1 });
      const logs = withLogits(drawn, logProbabilities(drawn, subject.layout));
      const options = { input: 'log-probabilities' } as const;
      const { gradient } = outcomeOf(subject, logs, options);
      const value = (moved: Float64Array): number => valueOf(subject, withLogits(logs, moved), options);
      const absolute = DIFFERENCE_ERROR * Math.max(1, Math.abs(value(logs.logits)));
      const positions = stream.permutation(gradient.length).slice(0, 5);
      const what = `gradient by log-probabilities, ${targets} targets`;
      assertSlopes({ value, point: logs.logits, gradient }, positions, absolute, what);
      // p = exp(l): d / d p = (d / d l) / p.
      const probabilities = logs.logits.map(Math.exp);
      const byProbability = outcomeOf(subject, withLogits(logs, probabilities), { input: 'probabilities' }).gradient;
      const expected = probabilities.map((probability, i) => at(gradient, i) / probability);
      assertAllNear(byProbability, expected, ROUNDING, `gradient by probabilities, ${targets} targets`);
    }
  },
);

/** Laws about probabilities in place of logits. */
export const givenInputLaws: readonly Law[] = [sameLosses, gradientByInput];

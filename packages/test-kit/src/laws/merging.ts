import { mergeEvaluations, readEvaluation, type CallOptions, type Evaluation } from '@surprisal/core';
import { assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, logitsOf, takeItems, takeRows, targetsOf, withLogits, type Batch } from '../batch.js';
import { withEngine } from '../call.js';
import { mergeableExtras } from '../extras.js';
import { always, defineLaw, type Law } from '../law.js';
import { random, type Random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

/** More rows than the engines sum in one go. */
const ROWS = 150;

function assertSameEvaluation(actual: Evaluation, expected: Evaluation, what: string): void {
  assertSameBits(actual.sum, expected.sum, `sum, ${what}`);
  assertSameBits(actual.weight, expected.weight, `weight, ${what}`);
  assertSame(actual.value, expected.value, `value, ${what}`);
  assertSame(actual.mean, expected.mean, `mean, ${what}`);
  assertSame(JSON.stringify(actual), JSON.stringify(expected), `JSON, ${what}`);
}

/** Up to four cuts anywhere: parts may be empty. */
function drawCuts(stream: Random): readonly number[] {
  const cuts = Array.from({ length: 1 + stream.integer(4) }, () => stream.integer(ROWS + 1));
  return [0, ...cuts.sort((one, other) => one - other), ROWS];
}

interface Weighed {
  readonly batch: Batch;
  readonly sampleWeights: Float64Array;
}

function evaluateRows(
  subject: Subject,
  { batch, sampleWeights }: Weighed,
  rows: readonly number[],
  options: CallOptions,
): Evaluation {
  const part = takeRows(batch, rows);
  const weights = takeItems(sampleWeights, rows, 1);
  return subject.loss.evaluate(
    logitsOf(part),
    targetsOf(part),
    withEngine(subject, { ...options, sampleWeights: weights }),
  );
}

function assertSplits(
  subject: Subject,
  stream: Random,
  weighed: Weighed,
  options: CallOptions,
  what: string,
  rounds = 2,
): void {
  const all = Array.from({ length: ROWS }, (_, row) => row);
  const whole = evaluateRows(subject, weighed, all, options);
  for (let round = 0; round < rounds; round++) {
    const cuts = drawCuts(stream);
    const evaluated = cuts
      .slice(1)
      .map((to, index) => evaluateRows(subject, weighed, all.slice(at(cuts, index), to), options));
    const parts = evaluated.map((part) => readEvaluation(JSON.parse(JSON.stringify(part))));
    const where = `${what}, rows cut at ${cuts.join(', ')}`;
    assertSameEvaluation(mergeEvaluations(...evaluated), whole, `merged from parts, ${where}`);
    assertSameEvaluation(mergeEvaluations(...parts), whole, `merged from parts that went through JSON, ${where}`);
    const stepwise = parts.reduceRight((merged, part) => mergeEvaluations(part, merged), mergeEvaluations());
    assertSameEvaluation(mergeEvaluations(...[...parts].reverse()), whole, `merged last part first, ${where}`);
    assertSameEvaluation(stepwise, whole, `merged two by two from the end, ${where}`);
  }
}

/** Weights over 24 orders of magnitude: the rounding of a sum shows, in one number or in two. */
function drawWideWeights(stream: Random): Float64Array {
  return Float64Array.from({ length: ROWS }, () => (1 + stream.uniform()) * 2 ** (stream.integer(81) - 40));
}

const splitLeavesNoTrace: Law = defineLaw(
  'evaluations of any split merge to that of the whole, to the last bit',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject))
      for (const options of [{}, { reduction: 'sum' }, { denominator: 'rows' }] as const) {
        const weighed = {
          batch: drawBatch(subject, stream, { rows: ROWS, targets }),
          sampleWeights: drawWideWeights(stream),
        };
        assertSplits(subject, stream, weighed, options, `${targets} targets, ${JSON.stringify(options)}`);
      }
  },
);

const extrasMerge: Law = defineLaw(
  'what an evaluation holds beside its sums merges from any split to that of the whole, to the last bit',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject)) {
      const weighed = {
        batch: drawBatch(subject, stream, { rows: ROWS, targets }),
        sampleWeights: drawWideWeights(stream),
      };
      assertSplits(subject, stream, weighed, mergeableExtras(subject, targets), `${targets} targets`, 1);
    }
  },
);

/** The batch with one logit of row 40 replaced: that of the target, where there is one. */
function withLogit(subject: Subject, batch: Batch, logit: number): Batch {
  const position = 40 * batch.width + (subject.layout === 'classes' ? at(batch.targets, 40) : 0);
  const logits = batch.logits.slice();
  logits[position] = logit;
  return withLogits(batch, logits);
}

const notFiniteSurvives: Law = defineLaw(
  'infinite and NaN shards survive JSON and merging',
  ({ loss }) => loss.link.name !== 'none',
  (subject) => {
    const stream = random(subject.seed);
    const batch = drawBatch(subject, stream, { rows: ROWS });
    const sampleWeights = new Float64Array(ROWS).fill(1);
    const infinite = { batch: withLogit(subject, batch, -Infinity), sampleWeights };
    assertSplits(subject, stream, infinite, {}, 'one logit -Infinity');
    const broken = { batch: withLogit(subject, batch, Number.NaN), sampleWeights };
    assertSplits(subject, stream, broken, { invalid: 'propagate' }, 'one logit NaN, propagated');
    const whole = evaluateRows(subject, broken, [39, 40], { invalid: 'propagate' });
    assertSame(whole.value, Number.NaN, 'value with a NaN logit, propagated');
  },
);

/** Laws about evaluations in parts. */
export const mergingLaws: readonly Law[] = [splitLeavesNoTrace, extrasMerge, notFiniteSurvives];

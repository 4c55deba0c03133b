// What a call can ask for, of every loss of the family: the laws that hold whatever the formula is.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { asymmetric, focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classMasked, softcap, temperature, zLoss } from '@surprisal/logits';
import { randomNumbers } from '@surprisal/reference';
import { confidencePenalized, generalized, symmetric } from '@surprisal/robust';
import { classWeighted, logitAdjusted, marginAdjusted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import type { Loss } from '../index.js';
import { messageOf } from '../testing/message-of.js';

const CLASSES = 4;
const softmax = categoricalCrossEntropy();
const sigmoid = binaryCrossEntropy();
const random = randomNumbers(12);
const logits = Array.from({ length: 6 }, () => Array.from({ length: CLASSES }, () => 1.5 * random.normal()));
const labels = logits.map(() => random.below(3));
const outcomes = logits.map((row) => row.map(() => random.below(2)));

const LOSSES: readonly (readonly [string, Loss, unknown])[] = [
  ['focal', focal(softmax, { gamma: 2 }), labels],
  ['focal with a power below one', focal(softmax, { gamma: 0.5 }), labels],
  ['poly-1', poly1(softmax), labels],
  ['generalised', generalized(softmax), labels],
  ['symmetric', symmetric(softmax), labels],
  ['temperature', temperature(softmax, { temperature: 2 }), labels],
  ['softcap around temperature', softcap(temperature(softmax, { temperature: 0.5 }), { cap: 3 }), labels],
  ['class mask', classMasked(softmax, { allowed: [true, true, true, false] }), labels],
  ['z-loss', zLoss(softmax, { strength: 0.1 }), labels],
  ['logit-adjusted', logitAdjusted(softmax, { priors: [0.1, 0.2, 0.3, 0.4] }), labels],
  ['margin-adjusted', marginAdjusted(softmax, { counts: [40, 30, 20, 10] }), labels],
  [
    'smoothed, weighted focal',
    labelSmoothed(classWeighted(focal(softmax), { weights: [1, 2, 3, 4] }), { smoothing: 0.1 }),
    labels,
  ],
  ['binary focal', focal(sigmoid, { gamma: 2 }), outcomes],
  ['asymmetric, with a shift', asymmetric(sigmoid), outcomes],
  ['binary poly-1', poly1(sigmoid), outcomes],
  ['binary softcap', softcap(sigmoid, { cap: 3 }), outcomes],
  ['binary z-loss', zLoss(sigmoid, { strength: 0.1 }), outcomes],
  [
    'positive weight over smoothing',
    labelSmoothed(positiveWeighted(sigmoid, { weight: 3 }), { smoothing: 0.1 }),
    outcomes,
  ],
];

describe.each(LOSSES)('%s', (_, loss, targets) => {
  it('has the derivative of its gradient as its Hessian diagonal', () => {
    const slopes = (at: readonly (readonly number[])[]): ArrayLike<number> =>
      loss.valueAndGradient(at, targets as never, { reduction: 'sum' }).gradient;
    const { hessianDiagonal = [] } = loss.evaluate(logits, targets as never, {
      reduction: 'sum',
      hessianDiagonal: true,
    });
    const step = 1e-4;
    for (const [r, row] of logits.entries())
      for (const c of row.keys()) {
        const moved = (by: number): number =>
          slopes(logits.map((other, i) => other.map((z, j) => (i === r && j === c ? z + by : z))))[r * CLASSES + c] ??
          NaN;
        const difference = (8 * (moved(step) - moved(-step)) - (moved(2 * step) - moved(-2 * step))) / (12 * step);
        // Four-point differences of a gradient of 1e-15: 1e-15 / 1e-4 by rounding, and 1e-16 by the step.
        expect(Math.abs((hessianDiagonal[r * CLASSES + c] ?? NaN) - difference)).toBeLessThan(1e-10);
      }
  });

  it('has probabilities that sum to one, and the argmax and the confidence that are theirs', () => {
    const {
      probabilities = [],
      argmax = [],
      calibration,
    } = loss.evaluate(logits, targets as never, {
      probabilities: true,
      argmax: true,
      calibration: 1,
    });
    const width = loss.link.name === 'softmax' ? CLASSES : 1;
    let confidence = 0;
    for (let unit = 0; unit < argmax.length; unit++) {
      const own = Array.from({ length: width }, (_item, c) => probabilities[unit * width + c] ?? NaN);
      const all = width === 1 ? [1 - (own[0] ?? NaN), own[0] ?? NaN] : own;
      expect(all.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 14);
      expect(argmax[unit]).toBe(all.indexOf(Math.max(...all)));
      confidence += Math.max(...all);
    }
    expect(calibration?.[0]?.confidence[0]).toBeCloseTo(confidence, 12);
  });
});

it('a custom step has no second derivative, and says so', () => {
  const act = (): unknown => confidencePenalized(sigmoid).evaluate(logits, outcomes, { hessianDiagonal: true });
  expect(messageOf(act)).toBe(
    'TypeError: confidence-penalized: "hessianDiagonal" expected a loss without custom steps, which give first derivatives only, got a step \'custom\'',
  );
});

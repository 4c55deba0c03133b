import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { expect, test } from 'vitest';
import { seededRandom } from './random.js';
import { accumulateSlopes, makeFlowers, trainFlowers, weightOf } from './trainer.js';

test.each([1, 2, 3])('training with seed %i lowers the loss and finds the rare class too', (seed) => {
  const printed: string[] = [];
  const { losses, recalls } = trainFlowers({ seed, print: (line) => printed.push(line) });
  const [first = 0] = losses;
  const last = losses.at(-1) ?? Infinity;
  // An empty model predicts 1/3 for each class, whatever the weights and the smoothing.
  expect(first).toBeCloseTo(Math.log(3), 6);
  expect(last).toBeLessThan(first / 2);
  // The smallest value of a smoothed loss is the entropy of the smoothed target, for e = 0.05 and 3 classes this.
  const own = 1 - 0.05 + 0.05 / 3;
  expect(last).toBeGreaterThan(-own * Math.log(own) - 2 * (0.05 / 3) * Math.log(0.05 / 3));
  for (const recall of recalls) expect(recall).toBeGreaterThanOrEqual(0.9);
  // Balanced weights n / (C n_c) of 60, 60 and 12 rows.
  expect(printed[0]).toBe('class weights: 0.733, 0.733, 3.667');
});

test('slopes summed over parts are those of the whole batch, and so is the mean', () => {
  const weights = [0.5, 1, 4];
  const loss = classWeighted(labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.05 }), { weights });
  const random = seededRandom(5);
  const flowers = makeFlowers(random.normal);
  const model = Float32Array.from({ length: 15 }, random.normal);
  const denominator = weightOf(flowers, weights);
  const run = (size: number): { mean: number; slopes: Float32Array } => {
    const slopes = new Float32Array(model.length);
    return { mean: accumulateSlopes(loss, model, flowers, { size, denominator, slopes }), slopes };
  };
  const whole = run(flowers.labels.length);
  for (const size of [1, 5, 50]) {
    const parts = run(size);
    expect(parts.mean).toBeCloseTo(whole.mean, 12);
    // Slopes are summed in float32: 132 terms of size up to 8, divided by the weight 138, each rounded to 2^-24.
    for (const [index, slope] of parts.slopes.entries()) expect(slope).toBeCloseTo(whole.slopes[index] ?? NaN, 5);
  }
});

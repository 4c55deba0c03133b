import { expect, test } from 'vitest';
import { softmaxOverOneOutput, trainBeginnersNetwork } from './beginners-network.js';

const quiet = { print: () => undefined };

test.each([1, 2, 3])('the network of seed %i starts at a coin toss and stops at the target', (seed) => {
  const { losses, accuracy } = trainBeginnersNetwork({ ...quiet, seed, targetLoss: 0.1 });
  const [first = 0] = losses;
  const last = losses.at(-1) ?? Infinity;
  // log 2 is the loss of p = 1/2; the small random weights move the first predictions a little off it.
  expect(first).toBeGreaterThan(Math.LN2 - 0.1);
  expect(first).toBeLessThan(Math.LN2 + 0.2);
  expect(last).toBeLessThanOrEqual(0.1);
  // Stopped as soon as the target was reached, not later.
  expect(losses.slice(0, -1).every((loss) => loss > 0.1)).toBe(true);
  // A row on the wrong side costs at least log 2, so at a mean of 0.1 at most 14.4% of them are.
  expect(accuracy).toBeGreaterThanOrEqual(1 - 0.1 / Math.LN2);
});

test('the same seed gives the same run', () => {
  expect(trainBeginnersNetwork({ ...quiet, seed: 7 })).toEqual(trainBeginnersNetwork({ ...quiet, seed: 7 }));
});

test('a target that is not reached in time is an error', () => {
  expect(() => trainBeginnersNetwork({ ...quiet, targetLoss: 1e-9, maximumEpochs: 3 })).toThrow(
    /^the loss is 0\.\d+ after 3 epochs, still above 1e-9$/,
  );
});

test('softmax cross-entropy over one output is refused, with the loss to use', () => {
  const printed: string[] = [];
  const message = softmaxOverOneOutput({ print: (line) => printed.push(line) });
  expect(message).toBe(
    'categorical-cross-entropy: "logits" expected at least 2 classes, got 1 (shape [4, 1]); ' +
      'the softmax of one class is always 1 and its loss always 0: use binaryCrossEntropy for one logit per row',
  );
  expect(printed).toEqual([message]);
});

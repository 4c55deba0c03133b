import assert from 'node:assert/strict';
import { binaryCrossEntropy } from '@surprisal/binary';

// sigmoid(log 3) = 3/4: the losses are -log 0.75, -log 0.25 and -log 0.5.
const loss = binaryCrossEntropy();
const logits = Float64Array.of(Math.log(3), -Math.log(3), 0);
const targets = [1, 1, 0];
assertNear(loss.value(logits, targets), 0.789041204710539);
const gradient = new Float64Array(3);
assert.equal(loss.valueAndGradient(logits, targets, { gradient }).gradient, gradient);
[-0.25 / 3, -0.75 / 3, 0.5 / 3].forEach((expected, index) => assertNear(gradient[index] ?? NaN, expected));
const { sum, weight, rows, losses } = loss.evaluate(logits, targets, { losses: true });
assert.deepEqual([weight[0], rows], [3, 3]);
assertNear(sum[0], 2.367123614131617);
[0.2876820724517809, 1.3862943611198906, 0.6931471805599453].forEach((expected, index) =>
  assertNear(losses?.[index] ?? NaN, expected),
);

/** Logits and expected numbers are rounded, each by 2^-53 relative to it; the rest is the package's. */
function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 8 * 2 ** -53 * Math.abs(expected), `${actual} is not ${expected}`);
}

import assert from 'node:assert/strict';
import { binaryCrossEntropy } from '@surprisal/binary';

// sigmoid(log 3) = 3/4: the losses are -log 0.75, -log 0.25 and -log 0.5, to more digits than float64 has.
const loss = binaryCrossEntropy();
const logits = Float64Array.of(Math.log(3), -Math.log(3), 0);
const targets = [1, 1, 0];
assertNear(loss.value(logits, targets), 0.78904120471053895189697179012278571191);
const gradient = new Float64Array(3);
assert.equal(loss.valueAndGradient(logits, targets, { gradient }).gradient, gradient);
[-0.25 / 3, -0.75 / 3, 0.5 / 3].forEach((expected, index) => assertNear(gradient[index] ?? NaN, expected));
const { sum, weight, rows, losses } = loss.evaluate(logits, targets, { losses: true });
assert.deepEqual([weight[0], rows], [3, 3]);
assertNear(sum[0], 2.36712361413161685569);
[0.28768207245178092744, 1.38629436111989061883, 0.69314718055994530942].forEach((expected, index) =>
  assertNear(losses?.[index] ?? NaN, expected),
);

/** The logits are rounded, which moves a loss by less than 2 units of 2^-53 relative to it; the rest is the package's. */
function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 8 * 2 ** -53 * Math.abs(expected), `${actual} is not ${expected}`);
}

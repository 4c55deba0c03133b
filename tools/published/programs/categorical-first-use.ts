import assert from 'node:assert/strict';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';

// softmax of these logits is (1/8, 2/8, 5/8), twice; the expected losses are sums of -log of these.
const row = [Math.log(0.125), Math.log(0.25), Math.log(0.625)];
const logits = { data: Float64Array.from([...row, ...row]), dims: [2, 3] };
const labels = BigInt64Array.of(2n, 0n);
assertNear(categoricalCrossEntropy().value(logits, labels), (0.4700036292457356 + 2.079441541679836) / 2);
assertNear(categoricalCrossEntropy({ classes: 3 }).value(logits.data, labels), 1.2747225854627857);

// PyTorch 1.13: cross_entropy(z, [2, 0], weight=[1, 2, 4], label_smoothing=0.1) is 0.8024626876380009, and the gradient.
const loss = labelSmoothed(classWeighted(categoricalCrossEntropy(), { weights: [1, 2, 4] }), { smoothing: 0.1 });
const { value, gradient } = loss.valueAndGradient(logits, labels);
assertNear(value, 0.8024626876380009);
[1.07 / 12, 2.14 / 12, -3.21 / 12, -1.9 / 12, 0.52 / 12, 1.38 / 12].forEach((expected, index) =>
  assertNear(gradient[index] ?? NaN, expected),
);
const { sum, weight, rows, elements, ignored } = loss.evaluate(logits, labels);
assertNear(sum[0], 4.012313438190004);
assert.deepEqual([weight[0], rows, elements, ignored], [5, 2, 2, 0]);

/** The logits are rounded by up to 2^-53 each; a gradient is a difference of terms up to 5 times its size. */
function assertNear(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) <= 32 * 2 ** -53 * Math.abs(expected), `${actual} is not ${expected}`);
}

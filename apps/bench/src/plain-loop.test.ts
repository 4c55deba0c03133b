import { exactSigmoidElement, exactSoftmaxRow } from '@surprisal/reference';
import { expect, test } from 'vitest';
import { plainSigmoidLoop, plainSoftmaxLoop } from './plain-loop.js';

test('the plain softmax loop computes cross-entropy and the gradient of its mean', () => {
  const exact = [exactSoftmaxRow([1, 2, 0.5], [0, 1, 0]), exactSoftmaxRow([2, 2, -2], [1, 0, 0])];
  const outputs = { losses: new Float32Array(2), gradient: new Float32Array(6) };
  const value = plainSoftmaxLoop(Float32Array.of(1, 2, 0.5, 2, 2, -2), Uint8Array.of(1, 0), outputs);
  // Outputs are float32: 7 digits.
  expect(value).toBeCloseTo(exact[0].loss.plus(exact[1].loss).toNumber() / 2, 12);
  exact.forEach(({ loss }, row) => expect(outputs.losses[row]).toBeCloseTo(loss.toNumber(), 6));
  exact
    .flatMap(({ gradient }) => gradient)
    .forEach((element, index) => expect(outputs.gradient[index]).toBeCloseTo(element.toNumber() / 2, 6));
});

test('the plain sigmoid loop computes cross-entropy and the gradient of its mean', () => {
  const exact = [exactSigmoidElement(2, 1, 0), exactSigmoidElement(-0.5, 0, 1)];
  const outputs = { losses: new Float32Array(2), gradient: new Float32Array(2) };
  const value = plainSigmoidLoop(Float32Array.of(2, -0.5), Uint8Array.of(1, 0), outputs);
  expect(value).toBeCloseTo(exact[0].loss.plus(exact[1].loss).toNumber() / 2, 12);
  exact.forEach(({ loss, gradient }, row) => {
    expect(outputs.losses[row]).toBeCloseTo(loss.toNumber(), 6);
    expect(outputs.gradient[row]).toBeCloseTo(gradient.toNumber() / 2, 6);
  });
});

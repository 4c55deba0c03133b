import { expect, test } from 'vitest';
import { expectSameGradient, expectSameValue } from './same-call.js';

test('a value is the mean of the losses, to a few roundings', () => {
  expect(() => expectSameValue(1 / 3, 1 / 3 + 2 ** -54)).not.toThrow();
  expect(() => expectSameValue(NaN, NaN)).not.toThrow();
  expect(() => expectSameValue(1, 1 + 2 ** -49)).toThrow(
    /^"value" expected the mean of the losses, 1\.0{14}\d+, got 1$/,
  );
  expect(() => expectSameValue(NaN, 1)).toThrow('"value" expected the mean of the losses, 1, got NaN');
});

test('a gradient is that of the sum by one factor; one planted element is found', () => {
  const sum = Float32Array.of(0.75, -0.5, 1e-6, 0);
  const mean = sum.map((element) => element / 3);
  expect(() => expectSameGradient(mean, sum, false)).not.toThrow();
  const planted = mean.map((element, at) => (at === 2 ? element * (1 + 2 ** -18) : element));
  expect(() => expectSameGradient(planted, sum, false)).toThrow(/^"gradient\[2\]" expected 3\.3/);
  // As a difference of numbers near 1 the same element has no such digits.
  expect(() => expectSameGradient(planted, sum, true)).not.toThrow();
  expect(() => expectSameGradient(Float32Array.of(0.25, NaN, 0, 0), sum, true)).toThrow(/got NaN$/);
});

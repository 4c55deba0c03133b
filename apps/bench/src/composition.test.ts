import { expect, test } from 'vitest';
import { compositionText, optionsText } from './composition.js';

const parts = [
  { name: 'label-smoothed', options: { smoothing: 0.1, spread: 'others' } },
  { name: 'class-weighted', options: { weights: Float64Array.of(0.5, 0.6, 0.7, 0.8, 0.9) } },
  { name: 'categorical-cross-entropy', options: {} },
];

test('a composition is told as the code that builds it', () => {
  expect(compositionText(parts)).toBe('labelSmoothed(classWeighted(categoricalCrossEntropy))');
  expect(compositionText(parts.slice(2))).toBe('categoricalCrossEntropy');
});

test('options are told in the same order, a long list by its ends', () => {
  expect(optionsText(parts)).toBe('smoothing 0.1; spread others; weights [0.5 … 0.9]');
  expect(optionsText([{ name: 'class-weighted', options: { weights: [1, 1 / 3] } }])).toBe('weights [1, 0.3333]');
});

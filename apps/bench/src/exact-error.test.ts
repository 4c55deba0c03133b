import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { randomNumbers } from '@surprisal/reference';
import { describe, expect, test } from 'vitest';
import { errorBounds, largestErrors, type Outputs } from './exact-error.js';
import { focal, squared } from './testing.js';

const ROWS = 20;
const CLASSES = 5;
const loss = categoricalCrossEntropy({ classes: CLASSES });
const smoothed = labelSmoothed(loss, { smoothing: 0.1 });
const engines = loss.link.engines.filter(({ available }) => available?.() ?? true);
const everyRow = Array.from({ length: ROWS }, (_, row) => row);

function outputsOf(of: typeof loss, engine = 'typescript'): Outputs {
  const random = randomNumbers(3);
  const logits = Float32Array.from({ length: ROWS * CLASSES }, () => 3 * random.normal());
  const labels = Uint8Array.from({ length: ROWS }, () => random.below(CLASSES));
  const outputs = { losses: new Float32Array(ROWS), gradient: new Float32Array(logits.length) };
  of.evaluate(logits, labels, { ...outputs, engine, reduction: 'sum' });
  return { logits, labels, ...outputs };
}

describe('the largest errors', () => {
  test.each(engines)('are within the bounds for what the packages return, computed by $name', ({ name }) => {
    for (const of of [loss, smoothed]) {
      const errors = largestErrors(of, outputsOf(of, name), everyRow);
      const bounds = errorBounds(of, name);
      expect(errors?.loss).toBeLessThanOrEqual(bounds.loss);
      expect(errors?.gradient).toBeLessThanOrEqual(bounds.gradient);
    }
  });

  test('show 1e-6 too much in one loss: 8 to 17 units in the last place, of which 0.5 may be rounding', () => {
    const outputs = outputsOf(loss);
    outputs.losses[7] *= 1 + 1e-6;
    const errors = largestErrors(loss, outputs, everyRow);
    expect(errors?.loss).toBeGreaterThan(7);
    expect(errors?.loss).toBeLessThan(18);
    expect(largestErrors(loss, outputs, [6, 8])?.loss).toBeLessThan(0.51);
  });

  test('show 1e-6 too much in one gradient element', () => {
    const outputs = outputsOf(loss);
    outputs.gradient[33] *= 1 + 1e-6;
    expect(largestErrors(loss, outputs, everyRow)?.gradient).toBeGreaterThan(7);
  });

  test('measure a gradient element that is a difference against the size of its sides', () => {
    // At uniform probabilities p = u for smoothing 1: the exact gradient is 0, the sides are 0.2 each.
    const uniform = labelSmoothed(loss, { smoothing: 1 });
    const zeros = { logits: new Float32Array(CLASSES), labels: Uint8Array.of(0), losses: Float32Array.of(Math.log(5)) };
    const gradient = new Float32Array(CLASSES).fill(2 ** -25);
    // ulp(0.4) is 2^-25.
    expect(largestErrors(uniform, { ...zeros, gradient }, [0])?.gradient).toBeCloseTo(1, 9);
  });

  test('are infinite for NaN', () => {
    const outputs = outputsOf(loss);
    outputs.losses[0] = NaN;
    expect(largestErrors(loss, outputs, everyRow)?.loss).toBe(Infinity);
  });

  test('are unknown for a loss outside of the family', () => {
    expect(largestErrors(squared(), outputsOf(loss), everyRow)).toBeUndefined();
  });
});

test('bounds are four times as wide for a surprisal other than cross-entropy, and wider for other engines', () => {
  expect(errorBounds(loss, 'typescript')).toEqual({ loss: 0.51, gradient: 1.5 });
  expect(errorBounds(focal(loss), 'typescript')).toEqual({ loss: 2.04, gradient: 6 });
  expect(errorBounds(loss, 'wasm-simd')).toEqual({ loss: 3.5, gradient: 5 });
});

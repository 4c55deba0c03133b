import { describe, expect, test } from 'vitest';
import { normalInput } from '../suites/variants.js';
import { makeInput } from './input.js';
import type { InputSpec } from './protocol.js';

describe('a made batch', () => {
  test('is the same for the same seed', () => {
    const make = (seed: number) => makeInput(normalInput(5, 7, { seed }));
    expect(make(3)).toEqual(make(3));
    expect(make(3).logits).not.toEqual(make(4).logits);
  });

  test('has labels among its classes, of elements 0 and 1', () => {
    const labels = (classes: number) => new Set(makeInput(normalInput(200, classes)).labels);
    expect(Math.max(...labels(3))).toBe(2);
    expect(labels(1)).toEqual(new Set([0, 1]));
  });

  test('has rows of probabilities that sum to one', () => {
    const { probabilities } = makeInput(normalInput(3, 5, { type: 'float64', targets: 'probabilities' }));
    const sum = Array.from(probabilities ?? [])
      .slice(5, 10)
      .reduce((total, one) => total + one, 0);
    // Five roundings of numbers below one.
    expect(sum).toBeCloseTo(1, 14);
  });

  test('has the trouble that it is asked for', () => {
    const rows = (trouble: 'masked' | 'huge' | 'far') => makeInput(normalInput(50, 20, { trouble }));
    const masked = rows('masked');
    expect(masked.logits.filter((logit) => logit === -Infinity).length).toBeGreaterThanOrEqual(50);
    expect(Math.min(...rows('huge').logits)).toBeGreaterThan(9000);
    const far = rows('far');
    expect(Math.max(...Array.from(far.labels, (label, row) => far.logits[row * 20 + label]))).toBeLessThan(-40);
    // The label itself is never masked: its loss would be infinite.
    expect(Math.min(...Array.from(masked.labels, (label, row) => masked.logits[row * 20 + label]))).toBeGreaterThan(
      -Infinity,
    );
  });

  test.each([1, 4])('of %d classes has margins in their buckets', (classes) => {
    const edges = [-120, -5, 0, 5, 100];
    const spec: InputSpec = {
      rows: 40,
      classes,
      type: 'float64',
      targets: 'labels',
      source: { kind: 'margins', seed: 1, spread: 3, edges },
    };
    const { logits, labels } = makeInput(spec);
    for (let row = 0; row < 40; row++) {
      const z = Array.from(logits.subarray(row * classes, (row + 1) * classes));
      const label = labels[row];
      const margin =
        classes === 1 ? (label === 1 ? z[0] : -z[0]) : z[label] - Math.max(...z.filter((_, c) => c !== label));
      const bucket = Math.floor(row / 10);
      // One rounding of the sum of a margin and a logit.
      expect(margin).toBeGreaterThanOrEqual(edges[bucket] - 1e-12);
      expect(margin).toBeLessThanOrEqual(edges[bucket + 1] + 1e-12);
    }
  });
});

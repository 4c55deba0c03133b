import type { RowLayout } from '@surprisal/core';
import { randomNumbers, type FloatType } from '@surprisal/reference';

/** Elements of one label. */
export function layoutOf(count: number): RowLayout {
  return { rows: count, classes: 1, inner: 1 };
}

const SCALES = [0, 1e-300, 1e-20, 1e-6, 0.01, 0.3, 1, 3, 10, 40, 100, 700, 1e4, 1e30];

/** Logits of every size and sign, 0 included, and targets of which the share `soft` lies between 0 and 1. */
export function randomElements(
  type: FloatType,
  count: number,
  soft: number,
  seed: number,
): { z: Float64Array; y: number[] } {
  const random = randomNumbers(seed);
  const z = Float64Array.from({ length: count }, () => random.pick(SCALES) * random.normal());
  const y = Array.from(z, () => (random.uniform() < soft ? random.uniform() : Math.round(random.uniform())));
  return { z: type === 'float32' ? Float64Array.from(Float32Array.from(z)) : z, y };
}

import type { ElementType } from '@surprisal/core';

/** The largest numbers that become zero when they are stored; negative ones would be stored as -0. */
const ROUNDS_TO_ZERO: Record<ElementType, number> = {
  float16: 2.98023223876953125e-8,
  float32: 7.006492321624085e-46,
  float64: 0,
};

export function roundsToZero(type: ElementType): number {
  return ROUNDS_TO_ZERO[type];
}

/** One gradient element as it is to be stored: no -0, not even after rounding. NaN stays NaN. */
export function withoutNegativeZero(value: number, tiny: number): number {
  return Math.abs(value) <= tiny ? 0 : value;
}

/** Makes 0 of every -0, and of what rounds to it. */
export function clearNegativeZeros(values: Float32Array | Float64Array, at: number, count: number, tiny: number): void {
  for (let j = at; j < at + count; j++) values[j] = withoutNegativeZero(values[j], tiny);
}

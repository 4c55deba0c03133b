import { assertNear, at } from './assertions.js';
import { fourPointGradient } from './four-point-gradient.js';

/** The least rounding for smooth losses. */
const FIRST_STEP = 2 ** -9;

/** For losses with large higher derivatives (a scale of 30 multiplies the fifth by 2.4e7) or with a kink nearby. */
const SECOND_STEP = 2 ** -13;

/** A function and the gradient it claims to have. */
export interface Slopes {
  readonly value: (point: Float64Array) => number;
  readonly point: Float64Array;
  readonly gradient: ArrayLike<number>;
}

/** Fails where a gradient is not that of a function, by four-point differences with one of two steps. */
export function assertSlopes(
  { value, point, gradient }: Slopes,
  positions: readonly number[],
  absolute: number,
  what: string,
): void {
  for (const position of positions) {
    const actual = at(gradient, position);
    const difference = (step: number): number => at(fourPointGradient(value, point, [position], step), 0);
    const first = difference(FIRST_STEP);
    const expected = Math.abs(first - actual) <= absolute ? first : difference(SECOND_STEP);
    assertNear(actual, expected, { absolute }, `${what}[${String(position)}]`);
  }
}

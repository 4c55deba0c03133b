import { at } from './assertions.js';

/**
 * The gradient of a function by four-point differences, with error terms h^4 / 30 f''''' and about 3/2 ulp(f) / h.
 *
 * f'(x) = (f(x - 2h) - 8 f(x - h) + 8 f(x + h) - f(x + 2h)) / (12 h)
 *
 * @param value The function.
 * @param point Where; it is left as it was.
 * @param positions Which of the derivatives are wanted.
 * @param step h: a power of two, so that points on a grid stay exact.
 */
export function fourPointGradient(
  value: (point: Float64Array) => number,
  point: ArrayLike<number>,
  positions: readonly number[] = Array.from({ length: point.length }, (_, index) => index),
  step: number = 2 ** -9,
): number[] {
  const moved = Float64Array.from(point);
  return positions.map((position) => {
    const middle = at(point, position);
    const near = (steps: number): number => {
      moved[position] = middle + steps * step;
      return value(moved);
    };
    const derivative = (near(-2) - near(2) + 8 * (near(1) - near(-1))) / (12 * step);
    moved[position] = middle;
    return derivative;
  });
}

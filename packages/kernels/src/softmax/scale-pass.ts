/** 2^-960: a smaller factor P / total may have lost digits that P e_j / total has. */
const SMALLEST_FACTOR = 1.0261342003245941e-289;

/**
 * The factor P / total of a row's exponentials. Where it underflows, as with the tiny slopes of a modulated surprisal, the
 * exponentials are divided by the total first, which `isSplit` says.
 */
export function isSplit(push: number, total: number): boolean {
  return push !== 0 && Math.abs(push / total) < SMALLEST_FACTOR;
}

/** values_j *= factor: the gradient of the classes that have no mass, P e_j / total. */
export function scaleBy(values: Float64Array, at: number, count: number, factor: number): void {
  for (let j = at; j < at + count; j++) values[j] *= factor;
}

/** values_j = factor values_j - spread v_j: the gradient of classes with mass. */
export function scaleAndPull(
  values: Float64Array,
  at: number,
  count: number,
  factor: number,
  v: Float64Array,
  vAt: number,
  spread: number,
): void {
  const toV = vAt - at;
  let j = at;
  // Two numbers a turn take two thirds of the time of one.
  for (const end = at + count - 1; j < end; j += 2) {
    values[j] = values[j] * factor - spread * v[j + toV];
    values[j + 1] = values[j + 1] * factor - spread * v[j + 1 + toV];
  }
  if (j < at + count) values[j] = values[j] * factor - spread * v[j + toV];
}

/** values_j *= factor: the gradient of the classes that have no mass, P e_j / total. */
export function scaleBy(values: Float64Array, at: number, count: number, factor: number): void {
  for (let j = at; j < at + count; j++) values[j] *= factor;
  // A negative factor (a surprisal that falls with the loss) makes -0 of what underflowed.
  if (factor < 0) for (let j = at; j < at + count; j++) values[j] += 0;
}

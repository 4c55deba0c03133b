/** The longest block that is lent: a tile of 4096 numbers. A session keeps longer ones of its own. */
export const LONGEST_LENT = 4096;

/**
 * A block of `length` numbers or more, of any value, for the duration of one `run`.
 *
 * Allocating one takes as long as the arithmetic of a hundred logits, half of a small call. So the last four that were given
 * back, 128 KiB at most, are lent again; a session that runs inside another (a custom rule may do that) gets others.
 *
 * @param spares The `scratch` of the problem: what earlier calls of the same loss gave back.
 */
export function borrowScratch(spares: Float64Array[], length: number): Float64Array {
  const block = spares.pop();
  return block !== undefined && block.length >= length ? block : new Float64Array(length);
}

export function returnScratch(spares: Float64Array[], block: Float64Array): void {
  if (spares.length < 4) spares.push(block);
}

/** Anything that holds class labels or counts: arrays of any integer type, or plain numbers. */
export type Labels = ArrayLike<number | bigint>;

/** How many rows each class has, or how many labels are positive. */
export type ClassCounts = ArrayLike<number>;

/** A message in the form of all of ours. */
export function complaint(of: string, argument: string, requirement: string, got: string, fix?: string): string {
  const message = `${of}: "${argument}" expected ${requirement}, got ${got}`;
  return fix === undefined ? message : `${message}; ${fix}`;
}

/** Counts as plain numbers. @throws RangeError for a count that is negative or not finite, or for no counts at all. */
export function readCounts(of: string, counts: ClassCounts): readonly number[] {
  if (typeof counts !== 'object' || !('length' in counts))
    throw new TypeError(complaint(of, 'counts', 'an array of counts', String(counts)));
  const list = Array.from(counts, Number);
  if (list.length === 0) throw new RangeError(complaint(of, 'counts', 'at least one count', 'none'));
  list.forEach((count, index) => {
    if (!(count >= 0 && count < Infinity))
      throw new RangeError(complaint(of, `counts[${String(index)}]`, 'a finite number of at least 0', String(count)));
  });
  return list;
}

/** A positive integer option. */
export function readInteger(of: string, argument: string, value: number, minimum: number): number {
  if (Number.isInteger(value) && value >= minimum) return value;
  throw new RangeError(complaint(of, argument, `an integer of at least ${String(minimum)}`, String(value)));
}

import type { Edit } from './make-build.js';
import { plainSoftmaxWith } from './plant-fault.ts';

/** Where the plain SIMD engine takes the exponentials of four short float32 rows. */
const FOUR_ROWS = 'const bad = sumFour(logits, size, row, rows, labels, record);';
const AGAIN = 'sumFour(logits, size, row, rows, labels, record);';

/**
 * Slows one kernel, that of short float32 rows in the plain SIMD engine of the softmax link, by real work: of every so many
 * groups of four rows one has its exponentials taken twice. Results keep their bits. `Infinity` compiles
 * the same module without more work, to compare with.
 */
export function slowShortRows(every: number): Promise<Edit> {
  const more = Number.isFinite(every) ? `if ((row >> 2) % ${every} == 0) ${AGAIN}` : '';
  return plainSoftmaxWith(FOUR_ROWS, `${more}\n    ${FOUR_ROWS}`);
}

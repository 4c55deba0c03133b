import { surprisalOf } from './distribution.js';
import { sumOf, type Pair } from './pair.js';

/** sum p_c s_c: the expected surprisal, with 0 times Infinity = 0. Cross-entropy, and entropy where both are of one distribution. */
export function expectedSurprisal(probabilities: Float64Array, surprisals: Float64Array): number {
  const terms = new Float64Array(probabilities.length);
  for (let i = 0; i < terms.length; i++) terms[i] = probabilities[i] === 0 ? 0 : probabilities[i] * surprisals[i];
  return sumOf(terms).high;
}

/**
 * -sum over rows and columns of p_rc / total log(q_rc / sum over columns of q_r): conditional entropy of the column given
 * the row, where p and q are one matrix; its cross form where they are not.
 */
export function conditionalSurprisal(p: Float64Array, q: Float64Array, columns: number, total: Pair): number {
  const terms = new Float64Array(p.length);
  for (let row = 0; row < p.length; row += columns) {
    const mass = sumOf(q, row, columns);
    for (let i = row; i < row + columns; i++)
      terms[i] = p[i] === 0 ? 0 : p[i] * (mass.high === 0 ? Infinity : surprisalOf(q[i], mass));
  }
  return sumOf(terms).high / total.high;
}

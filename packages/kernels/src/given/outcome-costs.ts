import type { SurprisalTerm } from '@surprisal/core';
import { surprisal, surprisalSlope } from './surprisal-terms.js';

/** The outcomes of a row, or of many, with their probabilities and target masses u. */
export interface Outcomes {
  readonly logProbabilities: Float64Array;
  readonly probabilities: Float64Array;
  readonly complements: Float64Array;
  readonly masses: Float64Array;
  /** u_c psi'(l_c), which `addSurprisals` adds. */
  readonly slopes: Float64Array;
  /** What rounding took from l, where that is known: p^q of a p that underflows is made of l alone. */
  readonly lost: Float64Array;
}

export function createOutcomes(count: number): Outcomes {
  return {
    logProbabilities: new Float64Array(count),
    probabilities: new Float64Array(count),
    complements: new Float64Array(count),
    masses: new Float64Array(count),
    slopes: new Float64Array(count),
    lost: new Float64Array(count),
  };
}

/**
 * Adds u_c psi'(l_c) to the slopes of `count` outcomes and sum u_c psi(l_c) to the pair. An outcome without mass costs
 * nothing, not even at probability 0.
 */
export function addSurprisals(
  terms: readonly SurprisalTerm[],
  outcomes: Outcomes,
  from: number,
  count: number,
  cost: Float64Array,
): void {
  const { logProbabilities, probabilities, complements, masses, slopes, lost } = outcomes;
  for (let j = from; j < from + count; j++) {
    const mass = masses[j];
    if (mass === 0) continue;
    slopes[j] += mass * surprisalSlope(terms, logProbabilities[j], probabilities[j], complements[j], lost[j]);
    addTerm(cost, mass * surprisal(terms, logProbabilities[j], complements[j], probabilities[j]));
  }
}

/** Adds the sum of `count` numbers to the pair. */
export function addAll(values: Float64Array, from: number, count: number, pair: Float64Array): void {
  for (let j = from; j < from + count; j++) addTerm(pair, values[j]);
}

/** Neumaier's summation of numbers of either sign. */
function addTerm(pair: Float64Array, term: number): void {
  const sum = pair[0];
  const next = sum + term;
  pair[1] += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum;
  pair[0] = next;
}

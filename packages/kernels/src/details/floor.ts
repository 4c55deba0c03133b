import { surprisalOf } from '../information/distribution.js';
import { logExcess } from '../information/log-excess.js';
import { sumOf, type Pair } from '../information/pair.js';

/** Floor and excess of a row. */
export interface Floor {
  floor: number;
  excess: number;
}

/** Scratch of a row of so many outcomes. */
export interface FloorStage {
  readonly floors: Float64Array;
  readonly excesses: Float64Array;
}

/** The outcomes of a row: their target masses u, and their probabilities. */
export interface FloorOutcomes {
  readonly masses: Float64Array;
  readonly logProbabilities: Float64Array;
  readonly probabilities: Float64Array;
  readonly complements: Float64Array;
}

export function createFloorStage(outcomes: number): FloorStage {
  return { floors: new Float64Array(outcomes), excesses: new Float64Array(outcomes) };
}

/**
 * Cross-entropy taken apart: the entropy of its target, below which no prediction gets, and the divergence of the
 * prediction from it.
 *
 *     sum u_c (-l_c) = |u| H(v) + |u| KL(v || p),   v = u / |u|,
 *     KL(v || p) = sum v (r - log(1 + r)),   r = (p - v) / v
 *
 * No term is negative, so that the excess keeps its digits where the prediction is nearly the target.
 *
 * @param normalized whether the probabilities sum to one; otherwise 1 - sum p is what the terms leave out.
 */
export function floorOf(stage: FloorStage, outcomes: FloorOutcomes, normalized: boolean): Floor {
  const { floors, excesses } = stage;
  const { masses, probabilities } = outcomes;
  const total = sumOf(masses, 0, floors.length);
  if (total.high === 0) return { floor: 0, excess: 0 };
  for (let j = 0; j < floors.length; j++) {
    floors[j] = masses[j] === 0 ? 0 : masses[j] * surprisalOf(masses[j], total);
    excesses[j] = excessOf(outcomes, j, total);
  }
  const divergence = sumOf(excesses).high;
  const missing = normalized ? 0 : 1 - sumOf(probabilities, 0, floors.length).high;
  return { floor: sumOf(floors).high, excess: total.high * (divergence + missing) };
}

/** v (r - log(1 + r)) of one outcome. Near 1 a difference of probabilities is one of their complements. */
function excessOf(
  { masses, probabilities, complements, logProbabilities }: FloorOutcomes,
  j: number,
  total: Pair,
): number {
  const p = probabilities[j];
  if (masses[j] === 0) return p;
  const share = masses[j] / total.high;
  const difference = p > 0.5 ? (total.high - masses[j] + total.low) / total.high - complements[j] : p - share;
  const ratio = difference / share;
  if (ratio >= -0.5 && ratio <= 1) return share * logExcess(ratio);
  // log(p / v) from the logarithm, which lives on where p underflows.
  return difference - share * (logProbabilities[j] + surprisalOf(masses[j], total));
}

import { expOfSum, exp } from '../scalar/exp.js';
import { log } from '../scalar/log.js';
import { log1p } from '../scalar/log1p.js';
import { sumOf, type Pair } from './pair.js';

/** A distribution: each outcome's probability and its surprisal -log p, each to a few units in the last place. */
export interface Distribution {
  readonly probabilities: Float64Array;
  readonly surprisals: Float64Array;
}

/** Probabilities p / total; `total` is 1 where they count as they stand. */
export function ofProbabilities(p: Float64Array, total: Pair): Distribution {
  const surprisals = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) surprisals[i] = surprisalOf(p[i], total);
  if (total.high === 1 && total.low === 0) return { probabilities: p, surprisals };
  const probabilities = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) probabilities[i] = p[i] / total.high;
  return { probabilities, surprisals };
}

/** Log-probabilities as they stand. */
export function ofLogProbabilities(logs: Float64Array): Distribution {
  const probabilities = new Float64Array(logs.length);
  const surprisals = new Float64Array(logs.length);
  for (let i = 0; i < logs.length; i++) {
    probabilities[i] = exp(logs[i]);
    surprisals[i] = -logs[i];
  }
  return { probabilities, surprisals };
}

/**
 * The softmax of logits, of which one at least is finite. With m the largest and rest the sum of exp(z_c - m) of all
 * others, -log p_c = (m - z_c) + log1p(rest), no term of which is negative; the rounding error of m - z_c goes into the
 * exponential, where it would count |m - z_c| times.
 */
export function ofLogits(z: Float64Array): Distribution {
  const top = indexOfLargest(z);
  const probabilities = new Float64Array(z.length);
  const surprisals = new Float64Array(z.length);
  for (let i = 0; i < z.length; i++) {
    const gap = z[top] - z[i];
    const virtual = z[top] - gap;
    const lost = gap < Infinity ? z[top] - (gap + virtual) + (virtual - z[i]) : 0;
    surprisals[i] = gap;
    probabilities[i] = i === top ? 0 : expOfSum(-gap, -lost);
  }
  const rest = sumOf(probabilities).high;
  const logTotal = log1p(rest);
  probabilities[top] = 1;
  for (let i = 0; i < z.length; i++) {
    probabilities[i] /= 1 + rest;
    surprisals[i] += logTotal;
  }
  return { probabilities, surprisals };
}

/** -log(x / total): the logarithm of a number near 1 from what is left of the total. */
export function surprisalOf(x: number, { high, low }: Pair): number {
  if (x >= high / 2) return log1p((high - x + low) / x);
  const quotient = high / x;
  if (quotient < Infinity) return log(quotient);
  return x === 0 ? Infinity : log(high) - log(x);
}

function indexOfLargest(values: Float64Array): number {
  let largest = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[largest]) largest = i;
  return largest;
}

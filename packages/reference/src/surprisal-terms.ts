import type { Decimal } from 'decimal.js';
import { exactDecimal, ZERO, type Conditioned } from './exact-decimal.js';

/** A term c (1 - p)^a T_q(log p) of a surprisal, with T_q(l) = (1 - e^(q l)) / q and T_0(l) = -l. */
export interface SurprisalTerm {
  /** c. */
  readonly coefficient: number;
  /** a >= 0. */
  readonly power: number;
  /** q >= 0. */
  readonly order: number;
}

/** Cross-entropy: the surprisal -log p. */
export const CROSS_ENTROPY_TERMS: readonly SurprisalTerm[] = [{ coefficient: 1, power: 0, order: 0 }];

/** The probability of an outcome, of the others, and its logarithm (asked for only under mass), all to full precision. */
export interface OutcomeProbability {
  readonly probability: Decimal;
  readonly complement: Decimal;
  readonly logarithm: () => Decimal;
}

/** psi(log p) and psi'(log p) of one outcome. */
export interface Surprisal {
  readonly cost: Conditioned;
  readonly slope: Conditioned;
}

/** Below this the series of a logarithm or exponential near its zero takes fewer digits than the function itself. */
const SERIES_BELOW = 0.01;

/**
 * log p of a probability and its complement 1 - p, both to full relative precision.
 *
 * Where p is close to one, log p = log(1 - x), x the complement, is summed as -(x + x^2/2 + x^3/3 + …): with x = 1e-4343
 * the logarithm of p itself would need 4343 digits more.
 */
export function logarithmOf(probability: Decimal, complement: Decimal, Numbers: typeof Decimal): Decimal {
  if (complement.gte(SERIES_BELOW)) return Numbers.ln(probability);
  let sum = new Numbers(0);
  let power = complement;
  for (let n = 1; !power.isZero() && (n === 1 || power.e >= complement.e - Numbers.precision); n += 1) {
    sum = Numbers.sub(sum, Numbers.div(power, n));
    power = Numbers.mul(power, complement);
  }
  return sum;
}

/** 1 - e^x for x <= 0 to full relative precision, by its series where x is close to zero. */
function oneMinusExponential(x: Decimal, Numbers: typeof Decimal): Decimal {
  if (!x.isFinite()) return new Numbers(1);
  if (x.lt(-SERIES_BELOW)) return Numbers.sub(1, Numbers.exp(x));
  let sum = new Numbers(0);
  let term = x;
  for (let n = 1; !term.isZero() && term.e >= x.e - Numbers.precision; n += 1) {
    sum = Numbers.sub(sum, term);
    term = Numbers.div(Numbers.mul(term, x), n + 1);
  }
  return sum;
}

/** T_q(l), the surprisal of order q: -l for q = 0. */
function tsallis(logarithm: Decimal, order: number, Numbers: typeof Decimal): Decimal {
  if (order === 0) return logarithm.isZero() ? ZERO : logarithm.neg();
  const exactOrder = exactDecimal(order);
  return Numbers.div(oneMinusExponential(Numbers.mul(logarithm, exactOrder), Numbers), exactOrder);
}

/** p^q from the logarithm of p; 0^0 is 1. */
function probabilityToThe(order: number, logarithm: Decimal, Numbers: typeof Decimal): Decimal {
  if (order === 0) return new Numbers(1);
  return logarithm.isFinite() ? Numbers.exp(Numbers.mul(logarithm, exactDecimal(order))) : new Numbers(0);
}

/**
 * The surprisal of an outcome and its derivative psi' = -c (1 - p)^a (p^q + a p T_q / (1 - p)), summed over the terms.
 */
export function surprisalOf(
  { probability, complement, logarithm: logarithmOfOutcome }: OutcomeProbability,
  terms: readonly SurprisalTerm[],
  Numbers: typeof Decimal,
): Surprisal {
  const logarithm = logarithmOfOutcome();
  let [cost, costScale, slope, slopeScale] = [ZERO, ZERO, ZERO, ZERO];
  for (const { coefficient, power, order } of terms) {
    const transformed = tsallis(logarithm, order, Numbers);
    // T_q(l) / (1 - p) tends to 1 as p tends to 1; p T_q(log p) tends to 0 as p tends to 0.
    const ratio = complement.isZero()
      ? new Numbers(1)
      : probability.isZero()
        ? ZERO
        : Numbers.div(Numbers.mul(probability, transformed), complement);
    const damping = power === 0 ? 1 : Numbers.pow(complement, exactDecimal(power));
    const modulation = Numbers.mul(exactDecimal(coefficient), damping);
    const termCost = modulation.isZero() ? ZERO : Numbers.mul(modulation, transformed);
    const bracket = Numbers.add(probabilityToThe(order, logarithm, Numbers), Numbers.mul(exactDecimal(power), ratio));
    const termSlope = Numbers.mul(modulation, bracket).neg();
    cost = Numbers.add(cost, termCost);
    costScale = Numbers.add(costScale, termCost.abs());
    slope = Numbers.add(slope, termSlope);
    slopeScale = Numbers.add(slopeScale, termSlope.abs());
  }
  return { cost: { value: cost, scale: costScale }, slope: { value: slope, scale: slopeScale } };
}

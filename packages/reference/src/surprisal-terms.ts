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
  /** m in [0, 1]: the term is one of min(p + m, 1) in place of p; 0 when absent. */
  readonly shift?: number;
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

const NOTHING: Surprisal = { cost: { value: ZERO, scale: ZERO }, slope: { value: ZERO, scale: ZERO } };

/**
 * The surprisal of an outcome and its derivative psi' = -c (1 - p)^a (p^q + a p T_q / (1 - p)), summed over the terms.
 */
export function surprisalOf(
  outcome: OutcomeProbability,
  terms: readonly SurprisalTerm[],
  Numbers: typeof Decimal,
): Surprisal {
  return terms
    .map((term) => (term.shift ? shiftedTerm(outcome, term, term.shift, Numbers) : termOf(outcome, term, Numbers)))
    .reduce(
      (sum, part) => ({ cost: plus(sum.cost, part.cost, Numbers), slope: plus(sum.slope, part.slope, Numbers) }),
      NOTHING,
    );
}

function termOf(
  { probability, complement, logarithm: logarithmOfOutcome }: OutcomeProbability,
  { coefficient, power, order }: SurprisalTerm,
  Numbers: typeof Decimal,
): Surprisal {
  const logarithm = logarithmOfOutcome();
  const transformed = tsallis(logarithm, order, Numbers);
  // T_q(l) / (1 - p) tends to 1 as p tends to 1; p T_q(log p) tends to 0 as p tends to 0.
  const ratio = complement.isZero()
    ? new Numbers(1)
    : probability.isZero()
      ? ZERO
      : Numbers.div(Numbers.mul(probability, transformed), complement);
  const damping = power === 0 ? 1 : Numbers.pow(complement, exactDecimal(power));
  const modulation = Numbers.mul(exactDecimal(coefficient), damping);
  const cost = modulation.isZero() ? ZERO : Numbers.mul(modulation, transformed);
  const bracket = Numbers.add(probabilityToThe(order, logarithm, Numbers), Numbers.mul(exactDecimal(power), ratio));
  const slope = Numbers.mul(modulation, bracket).neg();
  return { cost: { value: cost, scale: cost.abs() }, slope: { value: slope, scale: slope.abs() } };
}

/** A term of r = min(p + m, 1), whose log r has the derivative p / r by log p. What 1 - r cancels counts as often as its power says. */
function shiftedTerm(
  { probability, complement }: OutcomeProbability,
  term: SurprisalTerm,
  shift: number,
  Numbers: typeof Decimal,
): Surprisal {
  const rest = Numbers.sub(complement, exactDecimal(shift));
  if (!rest.gt(0)) return NOTHING;
  const shifted = Numbers.add(probability, exactDecimal(shift));
  const outcome = { probability: shifted, complement: rest, logarithm: () => logarithmOf(shifted, rest, Numbers) };
  const { cost, slope } = termOf(outcome, term, Numbers);
  const share = Numbers.div(probability, shifted);
  const blur = Numbers.add(1, Numbers.div(Numbers.mul(complement, term.power + 2), rest));
  return {
    cost: { value: cost.value, scale: Numbers.mul(cost.scale, blur) },
    slope: { value: Numbers.mul(slope.value, share), scale: Numbers.mul(Numbers.mul(slope.scale, share), blur) },
  };
}

function plus(a: Conditioned, b: Conditioned, Numbers: typeof Decimal): Conditioned {
  return { value: Numbers.add(a.value, b.value), scale: Numbers.add(a.scale, b.scale) };
}

import {
  exponentialOf,
  logarithmOfOnePlus,
  negative,
  product,
  quotient,
  softmaxPairs,
  sum,
  ZERO_PAIR,
  type OutcomePairs,
  type Pair,
} from './double-double-outcomes.js';
import type { MassPairs } from './double-double-softmax.js';
import type { SurprisalTerm } from './surprisal-terms.js';

/** What a row is scored by. */
export interface TermsOptions {
  /** The surprisal of each outcome. */
  readonly terms: (outcome: number) => readonly SurprisalTerm[];
  /** Adds strength lse^2; 0 when absent. */
  readonly partition?: number;
  /** Adds strength sum_c p_c log p_c; 0 when absent. */
  readonly negativeEntropy?: number;
}

/** A number and the size of what was added to make it. */
export interface ScaledPair {
  readonly value: Pair;
  readonly scale: number;
}

/** A row's loss and gradient, each with the size in whose units an error counts: its own, unless it is a difference. */
export interface TermsRow {
  readonly loss: ScaledPair;
  readonly gradient: readonly ScaledPair[];
}

const NOTHING: ScaledPair = { value: ZERO_PAIR, scale: 0 };

/**
 * The expected surprisal of softmax(logits) under a target measure in double-double arithmetic, its gradient, and what is added
 * for partition and entropy. It agrees with Decimal to 1e-27 where results are above 1e-290.
 *
 *     psi = sum of c (1 - p)^a T_q,   psi' = -sum of c (1 - p)^a (p^q + a p T_q / (1 - p)),   T_q = (1 - p^q) / q
 *
 * with every power the exponential of a multiple of log p or log(1 - p). A term with a shift m is one of min(p + m, 1); an
 * error of it counts in units of what 1 - p is known to, from which m is taken.
 */
export function doubleDoubleTermsRow(
  logits: ArrayLike<number>,
  masses: MassPairs,
  { terms, partition = 0, negativeEntropy = 0 }: TermsOptions,
): TermsRow {
  const { outcomes, logSumExp, logSumExpScale } = softmaxPairs(logits);
  const scored = outcomes.map((outcome, index) =>
    scoreOutcome(outcome, [masses.high[index], masses.low[index]], terms(index)),
  );
  const others = sumsOfOthers(scored.map(({ slope }) => slope));
  const loss = addUp(scored.map(({ cost }) => cost));
  const gradient = outcomes.map((outcome, index) => {
    const p = exponentialOf(outcome.logarithm);
    const own = timesPair(scored[index].slope, exponentialOf(outcome.complement));
    return plus(own, timesPair(others[index], negative(p)));
  });
  const entropies = outcomes.map(entropyOf);
  const entropy = addUp(entropies);
  return {
    loss: [
      timesPair({ value: product(logSumExp, logSumExp), scale: Math.abs(logSumExp[0]) * logSumExpScale }, [
        partition,
        0,
      ]),
      timesPair(entropy, [negativeEntropy, 0]),
    ].reduce(plus, loss),
    gradient: gradient.map((element, index) => {
      const p = exponentialOf(outcomes[index].logarithm);
      const ofPartition = timesPair({ value: logSumExp, scale: logSumExpScale }, product(p, [2 * partition, 0]));
      const ofEntropy = timesPair(plus(entropyOf(outcomes[index]), minus(timesPair(entropy, p))), [negativeEntropy, 0]);
      return [ofPartition, ofEntropy].reduce(plus, element);
    }),
  };
}

/** p log p; 0 at p = 0. */
function entropyOf({ logarithm }: OutcomePairs): ScaledPair {
  const value = product(exponentialOf(logarithm), logarithm[0] === -Infinity ? ZERO_PAIR : logarithm);
  return { value, scale: Math.abs(value[0]) };
}

interface ScoredOutcome {
  readonly cost: ScaledPair;
  readonly slope: ScaledPair;
}

/** u psi and u psi' of one outcome. */
function scoreOutcome(outcome: OutcomePairs, mass: Pair, terms: readonly SurprisalTerm[]): ScoredOutcome {
  if (mass[0] === 0) return { cost: NOTHING, slope: NOTHING };
  const parts = terms.map((term) => (term.shift ? scoreShifted(outcome, mass, term) : scoreTerm(outcome, mass, term)));
  return { cost: addUp(parts.map(({ cost }) => cost)), slope: addUp(parts.map(({ slope }) => slope)) };
}

function scoreTerm(outcome: OutcomePairs, mass: Pair, { coefficient, power, order }: SurprisalTerm): ScoredOutcome {
  const p = exponentialOf(outcome.logarithm);
  const transformed = tsallis(outcome, order);
  const weight = product(mass, product([coefficient, 0], exponentialOf(times(outcome.complement, power))));
  const ratio = outcome.certain ? ([1, 0] as const) : quotient(transformed, exponentialOf(outcome.complement));
  const bent = p[0] === 0 || power === 0 ? ZERO_PAIR : product([power, 0], product(p, ratio));
  const bracket = sum(order === 0 ? [1, 0] : exponentialOf(times(outcome.logarithm, order)), bent);
  return { cost: scaled(infiniteOr(weight, transformed)), slope: scaled(negative(product(weight, bracket))) };
}

/** A term of r = min(p + m, 1), whose log r has the derivative p / r by log p. */
function scoreShifted(outcome: OutcomePairs, mass: Pair, term: SurprisalTerm): ScoredOutcome {
  const complement = exponentialOf(outcome.complement);
  const rest = sum(complement, [-(term.shift ?? 0), 0]);
  if (!(rest[0] > 0)) return { cost: NOTHING, slope: NOTHING };
  const p = exponentialOf(outcome.logarithm);
  const shifted = sum(p, [term.shift ?? 0, 0]);
  const logarithm = negative(logarithmOfOnePlus(quotient(rest, shifted)));
  // log x of 0 < x <= 1 is -log(1 + (1 - x) / x).
  const logarithmOfRest = negative(logarithmOfOnePlus(quotient(shifted, rest)));
  const { cost, slope } = scoreTerm({ logarithm, complement: logarithmOfRest, certain: false }, mass, term);
  const blur = 1 + ((term.power + 2) * complement[0]) / rest[0];
  const byLogarithm = timesPair(slope, quotient(p, shifted));
  return {
    cost: { ...cost, scale: cost.scale * blur },
    slope: { ...byLogarithm, scale: byLogarithm.scale * blur },
  };
}

/** T_q(log p), which near p = 1 is 1 - p. */
function tsallis({ logarithm, complement, certain }: OutcomePairs, order: number): Pair {
  if (certain) return exponentialOf(complement);
  if (order === 0) return negative(logarithm);
  return quotient(oneMinusExponential(times(logarithm, order)), [order, 0]);
}

/** 1 - exp(x) for x <= 0, by its series near 0: 0.05^17 / 18! is below 2^-120. */
function oneMinusExponential(x: Pair): Pair {
  if (x[0] < -0.05) return sum([1, 0], negative(exponentialOf(x)));
  let total: Pair = [1, 0];
  for (let n = 18; n >= 2; n -= 1) total = sum([1, 0], quotient(product(total, x), [n, 0]));
  return negative(product(total, x));
}

function times(x: Pair, factor: number): Pair {
  if (factor === 0) return ZERO_PAIR;
  return Number.isFinite(x[0]) ? product(x, [factor, 0]) : x;
}

function infiniteOr(weight: Pair, transformed: Pair): Pair {
  return transformed[0] === Infinity
    ? [weight[0] === 0 ? 0 : Math.sign(weight[0]) * Infinity, 0]
    : product(weight, transformed);
}

function scaled(value: Pair): ScaledPair {
  return { value, scale: Math.abs(value[0]) };
}

function plus(a: ScaledPair, b: ScaledPair): ScaledPair {
  const infinite = Math.abs(a.value[0]) === Infinity || Math.abs(b.value[0]) === Infinity;
  const value: Pair = infinite ? [a.value[0] + b.value[0], 0] : sum(a.value, b.value);
  return { value, scale: a.scale + b.scale };
}

function minus({ value, scale }: ScaledPair): ScaledPair {
  return { value: negative(value), scale };
}

function timesPair({ value, scale }: ScaledPair, factor: Pair): ScaledPair {
  return { value: product(value, factor), scale: scale * Math.abs(factor[0]) };
}

function addUp(parts: readonly ScaledPair[]): ScaledPair {
  return parts.reduce(plus, NOTHING);
}

/** For each the sum of all others, from those before and those after it. */
function sumsOfOthers(parts: readonly ScaledPair[]): readonly ScaledPair[] {
  const before: ScaledPair[] = [NOTHING];
  for (const part of parts) before.push(plus(before[before.length - 1], part));
  const after: ScaledPair[] = [NOTHING];
  for (const part of [...parts].reverse()) after.push(plus(after[after.length - 1], part));
  return parts.map((_, index) => plus(before[index], after[parts.length - 1 - index]));
}

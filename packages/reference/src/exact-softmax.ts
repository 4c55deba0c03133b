import type { Decimal } from 'decimal.js';
import { exactDecimal, withEnoughDigits, ZERO, type Conditioned, type Exact } from './exact-decimal.js';
import {
  CROSS_ENTROPY_TERMS,
  logarithmOf,
  surprisalOf,
  type OutcomeProbability,
  type SurprisalTerm,
} from './surprisal-terms.js';

/** What is computed beyond cross-entropy. */
export interface ExactOptions {
  /** The surprisal; cross-entropy when absent. */
  readonly terms?: readonly SurprisalTerm[];
  /** Strength of the partition term: adds strength lse(z)^2, whatever the measure's mass. */
  readonly partition?: number;
}

/** A row's loss and its derivative by each logit. */
export interface ExactRow {
  readonly loss: Decimal;
  readonly gradient: Decimal[];
}

/**
 * The expected surprisal of softmax(logits) under a target measure, and its gradient, right to at least 30 digits.
 *
 *     loss = sum_c u_c psi(log p_c) + strength lse^2,   p_c = exp(z_c) / sum_k exp(z_k)
 *     d loss / d z_j = sum_c u_c psi'(log p_c) ([c = j] - p_j) + 2 strength lse p_j
 *
 * @param logits - z, length C; doubles are taken exactly. -Infinity is an outcome of probability zero.
 * @param measure - u, length C, each >= 0; of any total.
 * @returns The loss is Infinity where an outcome of probability zero has mass (and its surprisal is unbounded), and all
 * is NaN where every logit is -Infinity. A true zero is 0.
 * @throws RangeError for NaN or +Infinity among the logits, or two lengths.
 */
export function exactSoftmaxRow(
  logits: ArrayLike<Exact>,
  measure: ArrayLike<Exact>,
  options: ExactOptions = {},
): ExactRow {
  const z = Array.from(logits, exactDecimal);
  const u = Array.from(measure, exactDecimal);
  if (u.length !== z.length) throw new RangeError(`"measure" expected length ${z.length}, got ${u.length}`);
  const bad = z.findIndex((value) => value.isNaN() || (!value.isFinite() && value.isPositive()));
  if (bad >= 0) throw new RangeError(`"logits[${bad}]" expected a number below Infinity, got ${z[bad].toString()}`);
  const top = indexOfLargest(z);
  if (!z[top].isFinite()) return { loss: z[top].minus(z[top]), gradient: z.map((value) => value.minus(value)) };

  const [loss, ...gradient] = withEnoughDigits(digitsOfGaps(z, z[top]), (Numbers) => {
    const outcomes = softmax(z, top, Numbers);
    const row = expectedSurprisal(outcomes.probabilities, u, options.terms ?? CROSS_ENTROPY_TERMS, Numbers);
    if (options.partition === undefined) return row;
    return addPartition(row, outcomes, exactDecimal(options.partition), Numbers);
  });
  return { loss, gradient };
}

function indexOfLargest(values: readonly Decimal[]): number {
  return values.reduce((best, value, index) => (value.gt(values[best]) ? index : best), 0);
}

/** Digits before the point of the largest gap: exp of such a number needs as many more. Past 17, exp is zero in Decimal. */
function digitsOfGaps(z: readonly Decimal[], largest: Decimal): number {
  const gaps = z.filter((value) => value.isFinite()).map((value) => largest.minus(value).e + 1);
  return Math.min(17, Math.max(0, ...new Set(gaps)));
}

interface Softmax {
  readonly probabilities: OutcomeProbability[];
  /** log sum exp of the logits, and the terms whose sum it is. */
  readonly logSumExp: Conditioned;
}

/** Probabilities by exponentials and division, each beside the sum of the others, in which it never took part. */
function softmax(z: readonly Decimal[], top: number, Numbers: typeof Decimal): Softmax {
  // Dividing both sides of the fraction by exp(z_top) keeps the exponents small; it is exact, as z - z_top is.
  const gaps = z.map((value) => Numbers.sub(value, z[top]));
  const exponentials = gaps.map((gap) => (gap.isFinite() ? Numbers.exp(gap) : ZERO));
  const sum = addUp(exponentials, Numbers);
  // No other outcome has a probability over one half, so that 1 - p costs them no digits.
  const sumWithoutTop = addUp(
    exponentials.filter((_, index) => index !== top),
    Numbers,
  );
  const logSum = Numbers.ln(sum);
  const probabilities = exponentials.map((exponential, index) => {
    const probability = Numbers.div(exponential, sum);
    const complement = Numbers.div(index === top ? sumWithoutTop : Numbers.sub(sum, exponential), sum);
    // Decimal's exp is zero below exp(-2e16), but the logarithm of such a probability is still the gap.
    const logarithm = (): Decimal =>
      exponential.isZero() ? Numbers.sub(gaps[index], logSum) : logarithmOf(probability, complement, Numbers);
    return { probability, complement, logarithm };
  });
  const scale = Numbers.add(z[top].abs(), logSum);
  return { probabilities, logSumExp: { value: Numbers.add(z[top], logSum), scale } };
}

function addUp(values: readonly Decimal[], Numbers: typeof Decimal): Decimal {
  return values.reduce((sum, value) => Numbers.add(sum, value), new Numbers(0));
}

/** The loss and then the gradient: sum u psi(l), and u_j psi'_j (1 - p_j) - p_j (the sum of u_c psi'_c over the others). */
function expectedSurprisal(
  probabilities: readonly OutcomeProbability[],
  u: readonly Decimal[],
  terms: readonly SurprisalTerm[],
  Numbers: typeof Decimal,
): Conditioned[] {
  const surprisals = probabilities.map((outcome, index) =>
    u[index].isZero() ? undefined : surprisalOf(outcome, terms, Numbers),
  );
  const weigh = (part: 'cost' | 'slope', side: 'value' | 'scale'): Decimal[] =>
    surprisals.map((surprisal, index) =>
      surprisal === undefined ? ZERO : Numbers.mul(u[index], surprisal[part][side]),
    );
  const slopes = weigh('slope', 'value');
  const slopeScales = weigh('slope', 'scale');
  const others = sumsOfOthers(slopes, Numbers);
  const otherScales = sumsOfOthers(slopeScales, Numbers);
  const loss = {
    value: addUp(weigh('cost', 'value'), Numbers),
    scale: addUp(weigh('cost', 'scale'), Numbers),
  };
  const gradient = probabilities.map(({ probability, complement }, index) => ({
    value: Numbers.sub(Numbers.mul(slopes[index], complement), Numbers.mul(probability, others[index])),
    scale: Numbers.add(Numbers.mul(slopeScales[index], complement), Numbers.mul(probability, otherScales[index])),
  }));
  return [loss, ...gradient];
}

/** For each value the sum of all the others, from the sums before and after it: taking it from the total would cancel. */
function sumsOfOthers(values: readonly Decimal[], Numbers: typeof Decimal): Decimal[] {
  const sums: Decimal[] = [];
  let before = new Numbers(0);
  for (const value of values) {
    sums.push(before);
    before = Numbers.add(before, value);
  }
  let after = new Numbers(0);
  for (let index = values.length - 1; index >= 0; index -= 1) {
    sums[index] = Numbers.add(sums[index], after);
    after = Numbers.add(after, values[index]);
  }
  return sums;
}

/** Adds strength lse^2 to the loss and 2 strength lse p_j to the gradient. */
function addPartition(
  [loss, ...gradient]: Conditioned[],
  { probabilities, logSumExp }: Softmax,
  strength: Decimal,
  Numbers: typeof Decimal,
): Conditioned[] {
  const plus = (to: Conditioned, value: Decimal, scale: Decimal): Conditioned => ({
    value: Numbers.add(to.value, value),
    scale: Numbers.add(to.scale, scale.abs()),
  });
  const timesStrength = (value: Decimal, factor: Decimal): Decimal => Numbers.mul(Numbers.mul(value, factor), strength);
  const { value: lse, scale: lseScale } = logSumExp;
  return [
    plus(loss, timesStrength(lse, lse), timesStrength(lseScale, lseScale)),
    ...gradient.map((element, index) => {
      const twice = Numbers.mul(2, probabilities[index].probability);
      return plus(element, timesStrength(lse, twice), timesStrength(lseScale, twice));
    }),
  ];
}

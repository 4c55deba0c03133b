import type { Pair } from './evaluation.js';

/**
 * A running sum without rounding error, so that the order and the splitting of the terms leave no trace, not even in the
 * last bit. Each term is added by two-sum, whose rounding error is exact; the errors are summed the same way, and their
 * errors again. What the third level loses (terms some 10^32 times smaller than the sum) goes into an expansion.
 *
 * Sources: Knuth, The Art of Computer Programming 2, 4.2.2, theorem B (two-sum); Shewchuk, Adaptive Precision
 * Floating-Point Arithmetic (1997), section 2.4 (expansions).
 */
export interface ExactSum {
  high: number;
  middle: number;
  low: number;
  /** Numbers of increasing magnitude that do not overlap. */
  rest: number[];
}

/** An exact sum as it is stored: two numbers, and what these leave over, largest first. */
export interface SumParts {
  readonly pair: Pair;
  readonly tail: readonly number[];
}

/** A sum of nothing. */
export function emptySum(): ExactSum {
  return { high: 0, middle: 0, low: 0, rest: [] };
}

/**
 * Adds the first `count` of `terms`.
 *
 * @returns true where it is certain, without a look at them, that all are finite and none is negative.
 */
export function addAll(sum: ExactSum, terms: ArrayLike<number>, count: number): boolean {
  if (count >= FEW && count <= MANY && addOnGrids(sum, terms, count)) return true;
  addEach(sum, terms, count);
  return false;
}

/** For fewer terms than these the grids do not pay; sums of more of them might exceed 53 bits. */
const FEW = 16;
const MANY = 4096;

/** A number below 2^21 plus this is rounded to a multiple of 2^-30; what that took, plus the other, to one of 2^-71. */
const TO_COARSE = 1.5 * 2 ** 22;
const TO_FINE = 1.5 * 2 ** -19;

/**
 * Adds terms that are multiples of 2^-71 and not negative, of a sum below 2^21: most losses and weights are. Each is the
 * sum of multiples of 2^-30 and of 2^-71, and sums of either kind have at most 53 bits. A third of the time of `addEach`.
 *
 * @returns false, and adds nothing, where some term is not so.
 */
function addOnGrids(sum: ExactSum, terms: ArrayLike<number>, count: number): boolean {
  const [toCoarse, toFine] = [TO_COARSE, TO_FINE];
  let [coarse, fine, otherCoarse, otherFine, others] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i += 2) {
    const one = terms[i] ?? 0;
    const other = i + 1 < count ? (terms[i + 1] ?? 0) : 0;
    const high = one + toCoarse - toCoarse;
    const otherHigh = other + toCoarse - toCoarse;
    const rest = one - high;
    const otherRest = other - otherHigh;
    const low = rest + toFine - toFine;
    const otherLow = otherRest + toFine - toFine;
    coarse += high;
    otherCoarse += otherHigh;
    fine += low;
    otherFine += otherLow;
    // Also of infinities and NaN, whose rest is NaN.
    others |= Number(low !== rest) | Number(otherLow !== otherRest) | Number(one < 0) | Number(other < 0);
  }
  if (others !== 0 || coarse + otherCoarse >= 2 ** 21) return false;
  addEach(sum, [coarse, otherCoarse, fine, otherFine], 4);
  return true;
}

/** By two-sum, term by term: whatever they are. */
function addEach(sum: ExactSum, terms: ArrayLike<number>, count: number): void {
  let { high, middle, low } = sum;
  for (let i = 0; i < count; i++) {
    const term = terms[i] ?? 0;
    const newHigh = high + term;
    const fromHigh = newHigh - high;
    const lost = high - (newHigh - fromHigh) + (term - fromHigh);
    const newMiddle = middle + lost;
    const fromMiddle = newMiddle - middle;
    const lostAgain = middle - (newMiddle - fromMiddle) + (lost - fromMiddle);
    // Rarely more than zero, unless terms differ by many orders of magnitude. NaN is neither less nor greater: once the
    // sum is infinite or NaN, nothing below it matters.
    if (lostAgain < 0 || lostAgain > 0) {
      const [newLow, lostLast] = twoSum(low, lostAgain);
      low = newLow;
      if (lostLast !== 0) growExpansion(sum.rest, lostLast);
    }
    high = newHigh;
    middle = newMiddle;
  }
  sum.high = high;
  sum.middle = middle;
  sum.low = low;
}

/** Adds `count` times `term`, an integer below 2^48. */
export function addMultiple(sum: ExactSum, term: number, count: number): void {
  // Doubling is exact, or overflows as the sum does.
  const bits = new Float64Array(53);
  let length = 0;
  for (let left = count, multiple = term; left > 0; left = Math.floor(left / 2), multiple *= 2)
    if (left % 2 === 1) bits[length++] = multiple;
  addAll(sum, bits, length);
}

/** The sum in its one normal form: each part is what is left of the exact sum, rounded to the nearest float64. */
export function partsOf({ high, middle, low, rest }: ExactSum): SumParts {
  if (!Number.isFinite(high)) return { pair: [high, 0], tail: [] };
  // Mostly two numbers hold all of it.
  if (low === 0 && rest.length === 0) return { pair: twoSum(high, middle), tail: [] };
  const left: number[] = [...rest];
  for (const part of [low, middle, high]) growExpansion(left, part);
  const parts: number[] = [];
  while (left.length > 0) {
    const part = roundExpansion(left);
    parts.push(part);
    if (!Number.isFinite(part)) break;
    growExpansion(left, -part);
  }
  const [first = 0, second = 0, ...tail] = parts;
  return { pair: [first, second], tail };
}

/** The rounded sum of two numbers and its rounding error. */
function twoSum(one: number, other: number): Pair {
  const total = one + other;
  const virtual = total - one;
  return [total, one - (total - virtual) + (other - virtual)];
}

/** Adds a number to an expansion, in place and without error. */
function growExpansion(expansion: number[], term: number): void {
  let carried = term;
  let length = 0;
  for (const part of expansion) {
    const [total, error] = twoSum(carried, part);
    if (error !== 0) expansion[length++] = error;
    carried = total;
  }
  expansion.length = length;
  if (carried !== 0) expansion.push(carried);
}

/** The number nearest to the sum of an expansion, ties to even. */
function roundExpansion(expansion: readonly number[]): number {
  let index = expansion.length - 1;
  let total = expansion[index] ?? 0;
  let error = 0;
  while (index > 0 && error === 0) {
    const part = expansion[--index] ?? 0;
    const next = total + part;
    error = part - (next - total);
    total = next;
  }
  // A tie was rounded to even as if nothing followed; what follows decides it.
  const following = index > 0 ? (expansion[index - 1] ?? 0) : 0;
  if (error !== 0 && Math.sign(error) === Math.sign(following)) {
    const doubled = 2 * error;
    const moved = total + doubled;
    if (moved - total === doubled) return moved;
  }
  return total;
}

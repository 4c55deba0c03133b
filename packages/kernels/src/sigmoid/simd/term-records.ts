import type { ResolvedPlan, SurprisalTerm } from '@surprisal/core';

/** Numbers of a term's record, as `assembly/sigmoid/terms.ts` reads it. */
const RECORD = 8;

/** Powers that are products and a square root go up to here. */
const LARGEST_PRODUCT = 8;

/** 1 - p is float32, but with a shift, for the difference, float64. */
const LARGEST_LIGHT = { plain: 3, shifted: 5 } as const;

/** Smaller shifts than 2^-960 would leave 1 - p no normal number in `assembly/sigmoid/terms.ts`. */
const SMALLEST_SHIFT = 1e-289;

/** What the program is told of the terms of a plan. */
export interface TermRecords {
  /** Whether an element with mass on one outcome can be scored by the records of both at once. */
  readonly paired: boolean;
  readonly shifts: boolean;
  /** Whether `lightTerm` can compute them, beside affine steps alone. */
  readonly light: boolean;
  /** The records of each term, of either outcome the one after the other. */
  readonly numbers: Float64Array;
  /** What costs and slopes may be beside the smaller of p and 1 - p, where that is tiny: more than 1 may raise what was flushed to 0. */
  readonly raise: number;
  /** How many terms in the order: of both outcomes, of outcome 1 alone, of outcome 0 alone. */
  readonly counts: readonly [both: number, positive: number, negative: number];
}

/** The records of a plan's terms; undefined where they are more than `room` numbers, or out of the program's range. */
export function recordTerms({ terms, negativeTerms }: ResolvedPlan, room: number): TermRecords | undefined {
  const all = [...terms, ...negativeTerms];
  if (all.some(({ shift = 0 }) => shift > 0 && shift < SMALLEST_SHIFT)) return undefined;
  const paired =
    terms.length === negativeTerms.length && terms.every(({ order }, i) => order === negativeTerms[i].order);
  const both = paired ? terms.flatMap((term, i) => [...recordOf(negativeTerms[i]), ...recordOf(term)]) : [];
  const alone = (list: readonly SurprisalTerm[]): number[] =>
    list.flatMap((term) => [...recordOf(term), ...recordOf(term)]);
  const numbers = Float64Array.from([...both, ...alone(terms), ...alone(negativeTerms)]);
  if (numbers.length > room) return undefined;
  const shifts = all.some(({ shift = 0 }) => shift > 0);
  return {
    paired,
    shifts,
    light: paired && terms.length > 0 && all.every((term) => isLight(term, shifts)),
    numbers,
    raise: Math.max(raiseOf(terms), raiseOf(negativeTerms)),
    counts: [paired ? terms.length : 0, terms.length, negativeTerms.length],
  };
}

/** |c| of each term, and of those with an order (1 + a) |c|: beside p the slope of c (1 - p)^a T_q is c (1 + a T_q) then. */
function raiseOf(terms: readonly SurprisalTerm[]): number {
  return terms.reduce(
    (sum, { coefficient, power, order }) => sum + Math.abs(coefficient) * (order === 0 ? 1 : 1 + power),
    0,
  );
}

function recordOf({ coefficient, power, order, shift = 0 }: SurprisalTerm): readonly number[] {
  const isProduct = power <= LARGEST_PRODUCT && Number.isInteger(2 * power);
  return [
    coefficient,
    power,
    order,
    shift,
    isProduct ? 2 * power : -1,
    ...packed(power, shift),
    coefficient * 2 ** -64,
  ];
}

/** In the bits of two float64, none of which is NaN: in float32 the power and whether there is a shift; twice the power as an integer. */
function packed(power: number, shift: number): Float64Array {
  const numbers = new Float64Array(2);
  new Float32Array(numbers.buffer).set([power, Number(shift > 0)]);
  new Int32Array(numbers.buffer)[2] = 2 * power;
  return numbers;
}

/** Whether `assembly/sigmoid/light-terms.ts` computes a term within the bounds: what float32 makes of 1 - p counts as often as the power says. */
function isLight({ power, order }: SurprisalTerm, shifts: boolean): boolean {
  if (order !== 0 && order !== 1) return false;
  return Number.isInteger(2 * power) && power <= (shifts ? LARGEST_LIGHT.shifted : LARGEST_LIGHT.plain);
}

/** Where the records lie from an address on. */
export function placesOfRecords(
  both: number,
  { counts }: TermRecords,
): { readonly both: number; readonly positive: number; readonly negative: number } {
  const positive = both + bytesOf(counts[0]);
  return { both, positive, negative: positive + bytesOf(counts[1]) };
}

/** Bytes of the records of so many terms. */
export function bytesOf(terms: number): number {
  return 2 * RECORD * terms * Float64Array.BYTES_PER_ELEMENT;
}

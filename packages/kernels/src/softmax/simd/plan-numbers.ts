import { exp } from '../../scalar/index.js';
import type { FoldedSteps } from './folded-steps.js';
import { dividePairs, firstBits, pairLow } from './pairs.js';

const LN2 = 0.6931471805599453;
const LN2_LOW = 2.3190468138462996e-17;
const LOG2E = 1.4426950408889634;

/** Coefficients of exp after 1: minimax of degree 6 and of degree 11, those of `assembly/softmax/row32.ts` and `row64.ts`. */
const COEFFICIENTS32 = [1, 0.49999994, 0.16666517, 0.041668102, 0.0083691655, 0.0013838002];
const COEFFICIENTS64 = [
  1, 0.5000000000000001, 0.16666666666666669, 0.04166666666662413, 0.008333333333330062, 0.0013888888917213717,
  0.00019841269863053618, 0.000024801521295954376, 0.0000027557268459997064, 2.7620088445409746e-7,
  2.510038549551032e-8,
];

/** What makes scores of logits: S and O by this factor, which no logit of float32 makes overflow. */
export const SCORE_FACTOR: number = 2 ** -20;

/** How a type computes exponentials: bits of the first part of log 2, and how large n may be. */
export interface PlanType {
  readonly size: 4 | 8;
  readonly bits: number;
  readonly coefficients: readonly number[];
  /** Up to here |S z| needs no subtraction of the largest logit. */
  readonly largestUnshifted: number;
  /** The exponential of the largest logit is near 2 to this power. */
  readonly headroom: number;
  /** The farthest apart that offsets may lie: exponentials by their weights must not leave the type's range. */
  readonly largestRange: number;
  /** A smaller exponential may have lost digits. */
  readonly smallestOwn: number;
}

export const FLOAT32: PlanType = {
  size: 4,
  bits: 9,
  coefficients: COEFFICIENTS32,
  largestUnshifted: 256,
  headroom: 100,
  largestRange: 30,
  smallestOwn: 2 ** -100,
};

export const FLOAT64: PlanType = {
  size: 8,
  bits: 32,
  coefficients: COEFFICIENTS64,
  largestUnshifted: 2048,
  headroom: 0,
  largestRange: 300,
  smallestOwn: 2 ** -1000,
};

/** Scales whose sixth power float32 holds, and its product with the last coefficient. */
const LARGEST_SCALE = 2 ** 16;

/** Whether a type has room for the numbers of a plan. */
export function holdsSteps({ largestRange }: PlanType, { scale, range }: FoldedSteps): boolean {
  return scale >= 1 / LARGEST_SCALE && scale <= LARGEST_SCALE && range <= largestRange;
}

/** The numbers of a plan as the passes read them; see `PLAN` in `assembly/softmax/plan-passes32.ts`. */
export function planNumbers({ size, bits, coefficients }: PlanType, { scale, scaleLow }: FoldedSteps): Float64Array {
  // log 2 / S in two parts, of which n times the first is exact.
  const ratio = dividePairs(LN2, LN2_LOW, scale, scaleLow);
  const first = firstBits(ratio, bits);
  const steps = [scale * LOG2E, -first, first - ratio - pairLow[0]];
  let power = 1;
  const scaled = coefficients.map((coefficient) => coefficient * (power *= scale));
  const score = scale * SCORE_FACTOR;
  return Float64Array.from(size === 4 ? [...steps, ...scaled, 1, score] : [...steps, 1, ...scaled, score]);
}

/** exp(O_c): the weights of the classes. */
export function weightsOf({ offsets, offsetsLow }: FoldedSteps): Float64Array {
  const weights = new Float64Array(offsets?.length ?? 0);
  for (let c = 0; c < weights.length; c++) {
    const weight = exp(offsets?.[c] ?? 0);
    weights[c] = weight + weight * (offsetsLow?.[c] ?? 0);
  }
  return weights;
}

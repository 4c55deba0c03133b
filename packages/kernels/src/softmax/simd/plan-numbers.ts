import { exp } from '../../scalar/index.js';
import type { FoldedSteps } from './folded-steps.js';
import { dividePairs, firstBits, pairLow } from './pairs.js';

const LN2 = 0.6931471805599453;
const LN2_LOW = 2.3190468138462996e-17;
const LOG2E = 1.4426950408889634;

/** Coefficients of exp after 1: minimax of degree 6, those of `assembly/softmax/exponential32.ts`. */
const COEFFICIENTS = [1, 0.49999994, 0.16666517, 0.041668102, 0.0083691655, 0.0013838002];

/** What makes scores of logits: S and O by this factor, which no logit of float32 makes overflow. */
export const SCORE_FACTOR: number = 2 ** -20;

/** Bits of the first part of log 2, so that n times it is exact. */
const FIRST_BITS = 9;

/** 1.5 2^23, whose sum with a number rounds that to an integer. */
const MAGIC = 12582912;
/** Below it an exponential is denormal. Weights take the range of the offsets from it. */
const LEAST_EXPONENT = -124;

/** Up to here |S z| needs no subtraction of the largest logit. */
export const LARGEST_UNSHIFTED = 256;
/** The exponential of the largest logit is near 2 to this power. */
export const HEADROOM = 100;
/** A smaller exponential may have lost digits. */
export const SMALLEST_OWN: number = 2 ** -100;
/** The farthest apart that offsets may lie: exponentials by their weights must not leave the range of float32. */
const LARGEST_RANGE = 30;

/** Scales whose sixth power float32 holds, and its product with the last coefficient. Caps have as much room. */
const LARGEST_SCALE = 2 ** 16;

/** Whether float32 has room for the numbers of a plan. */
export function holdsSteps({ scale, range, cap = 1 }: FoldedSteps): boolean {
  return isHeld(scale) && isHeld(cap) && range <= LARGEST_RANGE;
}

function isHeld(factor: number): boolean {
  return factor >= 1 / LARGEST_SCALE && factor <= LARGEST_SCALE;
}

/** The numbers of a plan as the passes read them; see `PLAN` in `assembly/softmax/plan-constants32.ts`. */
export function planNumbers({ scale, scaleLow, range }: FoldedSteps): Float64Array {
  // log 2 / S in two parts, of which n times the first is exact.
  const ratio = dividePairs(LN2, LN2_LOW, scale, scaleLow);
  const first = firstBits(ratio, FIRST_BITS);
  const steps = [scale * LOG2E, -first, first - ratio - pairLow[0]];
  let power = 1;
  const scaled = COEFFICIENTS.map((coefficient) => coefficient * (power *= scale));
  const score = scale * SCORE_FACTOR;
  return Float64Array.from([...steps, ...scaled, 1, score, MAGIC + LEAST_EXPONENT + Math.ceil(range * LOG2E)]);
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

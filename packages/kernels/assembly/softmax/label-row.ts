// Cross-entropy of a row whose target is a mass d at the label:
//
//     loss = d log1p(rest / e_y),   gradient_j = F e_j / total,   gradient_y = -F rest / total,   F = d gradientScale
//
// float64 from the sums on, for either type. With a part b v of the target spread over the classes (float32 only)
//
//     loss += b (|v| (lse - base) - sum_c v_c (z_c - base)),   gradient_j = (d + b |v|) p_j - u_j
//
// where the difference is at least |v| log 8, so that its float64 terms may cancel.
import { log1p64 } from '../shared/log1p';
import * as row32 from './row32';
import * as row64 from './row64';
import * as scale32 from './scale32';
import { scale as scale64 } from './scale64';
import {
  clearSums,
  closeSums,
  distance,
  gaps,
  invalid,
  ofLabelInVector,
  own,
  rest,
  setDistance,
  shift,
  spread,
  top,
  total,
  vector,
  vectorMass,
} from './state';

const LN2: f64 = 0.6931471805599453;

const EXPONENTIAL_OF_TOP: usize = memory.data(16, 16);
export let loss: f64 = 0;
export let factor: f64 = 0;
export let ofLabel: f64 = 0;
export let pullOfVector: f64 = 0;

// Exponentials and sums without a look at the row. False where that was wrong: the logits are lost then.
export function sumUsual<T>(at: usize, classes: i32, label: i32): bool {
  const logit = load<T>(at + distance + <usize>label * sizeof<T>());
  if (!shiftByLabel<T>(logit)) return false;
  clearSums();
  exponentiate<T>(at, classes, label, false);
  return wasUsual<T>();
}

// Makes loss, factor and ofLabel of the sums.
export function finish<T>(logit: f64, mass: f64, gradientScale: f64, shifted: bool): void {
  closeSums();
  if (mass == 0) loss = 0;
  else if (shifted && top - logit > far<T>()) loss = mass * (top - logit + log1p64((total - ofTop<T>()) / ofTop<T>()));
  else loss = mass * log1p64(rest / own);
  const pull = mass * gradientScale;
  factor = pull / total;
  ofLabel = -((pull * rest) / total);
  if (vector == 0) return;
  if (spread != 0) loss += spread * (vectorMass * logPartition() - gaps);
  pullOfVector = spread * gradientScale;
  factor = (pull + pullOfVector * vectorMass) / total;
  const ofOthers = pullOfVector * (vectorMass - ofLabelInVector);
  ofLabel = (ofOthers * own - (pull + pullOfVector * ofLabelInVector) * rest) / total;
}

// lse - base. The exponent of the total and the shift are added before anything is rounded: the sum is the same whatever the
// shift was, and so are all bits.
function logPartition(): f64 {
  const bits = reinterpret<u64>(total);
  const exponent = <f64>(<i32>(bits >> 52) - 1023);
  const mantissa = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  return log1p64(mantissa - 1) + (shift + exponent) * LN2;
}

// Turns the exponentials of a row, or of a part of it, into its gradient.
export function writeGradient<T>(at: usize, count: i32, label: i32): void {
  if (sizeof<T>() == 4 && vector != 0) scale32.scaleAndPull(at, vector, count, factor, pullOfVector);
  else scale<T>(at, count, factor);
  if (label < 0 || label >= count) return;
  const value = <T>ofLabel;
  // No -0: zero is compared after rounding.
  store<T>(at + <usize>label * sizeof<T>(), value == 0 ? 0 : value);
}

function far<T>(): f64 {
  return sizeof<T>() == 4 ? row32.FAR : row64.FAR;
}

// The exponential of the largest logit, in units of the row's shift.
function ofTop<T>(): f64 {
  store<T>(EXPONENTIAL_OF_TOP, <T>top);
  const ofLogits = distance;
  setDistance(0);
  const e =
    sizeof<T>() == 4
      ? row32.exponentiateBlockShifted(EXPONENTIAL_OF_TOP, 1)
      : row64.exponentiateBlockShifted(EXPONENTIAL_OF_TOP, 1);
  setDistance(ofLogits);
  return e;
}

export function shiftByLabel<T>(logit: T): bool {
  if (sizeof<T>() == 4) return row32.shiftByLabel(<f32>logit);
  return row64.shiftByLabel(<f64>logit);
}

export function shiftByTop<T>(): bool {
  if (invalid || !(abs(top) < Infinity)) return false;
  if (sizeof<T>() == 4) row32.shiftByTop(<f32>top);
  else row64.shiftByTop(top);
  return true;
}

export function exponentiate<T>(at: usize, count: i32, label: i32, shifted: bool): void {
  if (sizeof<T>() == 4) row32.exponentiate(at, count, label, shifted);
  else row64.exponentiate(at, count, label, shifted);
}

export function wasUsual<T>(): bool {
  return sizeof<T>() == 4 ? row32.wasUsual() : row64.wasUsual();
}

export function findTop<T>(at: usize, count: i32): void {
  if (sizeof<T>() == 4) row32.findTop(at, count);
  else row64.findTop(at, count);
}

function scale<T>(at: usize, count: i32, factor: f64): void {
  if (sizeof<T>() == 4) scale32.scale(at, count, factor);
  else scale64(at, count, factor);
}

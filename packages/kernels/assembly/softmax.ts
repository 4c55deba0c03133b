// The rows of the softmax link. src/softmax/simd/ calls these functions and says what they leave where.
import { madd32, madd64 } from './shared/madd';
import {
  exponentiate,
  findTop,
  finish,
  loss,
  shiftByLabel,
  shiftByTop,
  sumUsual,
  wasUsual,
  writeGradient,
} from './softmax/label-row';
import { clearSums, clearTop, setSpread as newSpread, setVector as newVector, vector } from './softmax/state';

// Rows of few classes: up to 255 of float32, 47 of float64.
export { sumLosses64 } from './shared/exact-sums';
export { setTile } from './softmax/short-rows';
export { runRows32 } from './softmax/short-rows32';
export { runRows64 } from './softmax/short-rows64';

export { setDistance } from './softmax/state';

// 1 when a b + c is rounded once in both types: (1 + 2^-12)^2 - 1 - 2^-11 is 2^-24 then, else 0 in float32, and so on.
export function isFused(): i32 {
  const a32 = f32x4.splat(<f32>1.000244140625);
  const c32 = f32x4.splat(<f32>-1.00048828125);
  const a64 = f64x2.splat(1.0000000074505806);
  const c64 = f64x2.splat(-1.0000000149011612);
  const one = f32x4.extract_lane(madd32(a32, a32, c32), 0) != 0;
  const two = f64x2.extract_lane(madd64(a64, a64, c64), 0) != 0;
  return i32(one && two);
}

// Rows with labels, packed from `at` on: d of each in `masses`, its loss goes into `losses`. Returns the first row from `from` on
// whose logits the way without maximum cannot take, and has spoilt; `count` when there is none.
function runLabels<T>(
  at: usize,
  classes: i32,
  from: i32,
  count: i32,
  labels: usize,
  masses: usize,
  losses: usize,
  gradientScale: f64,
  hasGradient: i32,
): i32 {
  const size = <usize>classes * sizeof<T>();
  for (let row = from; row < count; row++) {
    const start = at + <usize>row * size;
    const label = load<i32>(labels + ((<usize>row) << 2));
    if (!sumUsual<T>(start, classes, label)) return row;
    if (vector != 0) readSpread(row, label);
    finish<T>(0, load<f64>(masses + ((<usize>row) << 3)), gradientScale, false);
    store<f64>(losses + ((<usize>row) << 3), loss);
    if (hasGradient) writeGradient<T>(start, classes, label);
  }
  return count;
}

// b of the rows of a tile.
let spreads: usize = 0;

function readSpread(row: i32, label: i32): void {
  newSpread(load<f64>(spreads + ((<usize>row) << 3)), load<f32>(vector + ((<usize>label) << 2)));
}

// Where v of the classes at hand lies, 0 for targets without one, and where in float64, its mass, and where b of each row lies.
export function setVector(at: usize, wideAt: usize, mass: f64, atSpreads: usize): void {
  newVector(at, wideAt, mass);
  spreads = atSpreads;
}

// The same for one row.
export function setSpread(spread: f64, ofLabel: f64): void {
  newSpread(spread, ofLabel);
}

export function runLabels32(
  at: usize,
  classes: i32,
  from: i32,
  count: i32,
  labels: usize,
  masses: usize,
  losses: usize,
  gradientScale: f64,
  hasGradient: i32,
): i32 {
  return runLabels<f32>(at, classes, from, count, labels, masses, losses, gradientScale, hasGradient);
}

export function runLabels64(
  at: usize,
  classes: i32,
  from: i32,
  count: i32,
  labels: usize,
  masses: usize,
  losses: usize,
  gradientScale: f64,
  hasGradient: i32,
): i32 {
  return runLabels<f64>(at, classes, from, count, labels, masses, losses, gradientScale, hasGradient);
}

// The pieces of a row, for those that come in parts. `begin...` clear the sums; 0 says that the row must go the other way, or
// that its largest logit is no number.
export function beginUsual32(logit: f64): i32 {
  clearSums();
  return i32(shiftByLabel<f32>(<f32>logit));
}

export function beginUsual64(logit: f64): i32 {
  clearSums();
  return i32(shiftByLabel<f64>(logit));
}

export function beginShifted32(): i32 {
  clearSums();
  return i32(shiftByTop<f32>());
}

export function beginShifted64(): i32 {
  clearSums();
  return i32(shiftByTop<f64>());
}

export function exponentiate32(at: usize, count: i32, label: i32, shifted: i32): void {
  exponentiate<f32>(at, count, label, shifted != 0);
}

export function exponentiate64(at: usize, count: i32, label: i32, shifted: i32): void {
  exponentiate<f64>(at, count, label, shifted != 0);
}

export function wasUsual32(): i32 {
  return i32(wasUsual<f32>());
}

export function wasUsual64(): i32 {
  return i32(wasUsual<f64>());
}

// Looks for the largest logit of a row, part by part.
export function beginTop(): void {
  clearTop();
}

export function findTop32(at: usize, count: i32): void {
  findTop<f32>(at, count);
}

export function findTop64(at: usize, count: i32): void {
  findTop<f64>(at, count);
}

// The loss; what the gradient needs is kept.
export function finish32(logit: f64, mass: f64, gradientScale: f64, shifted: i32): f64 {
  finish<f32>(logit, mass, gradientScale, shifted != 0);
  return loss;
}

export function finish64(logit: f64, mass: f64, gradientScale: f64, shifted: i32): f64 {
  finish<f64>(logit, mass, gradientScale, shifted != 0);
  return loss;
}

export function writeGradient32(at: usize, count: i32, label: i32): void {
  writeGradient<f32>(at, count, label);
}

export function writeGradient64(at: usize, count: i32, label: i32): void {
  writeGradient<f64>(at, count, label);
}

export {
  addMasses,
  exponentiateRows,
  findTops,
  maskRows,
  mixRows,
  plan,
  scaleRows,
  weighRows,
} from './softmax/plan-rows';

export { differentiateRows32, modulateRows32 } from './softmax/modulate32';

export { capLogits, multiplyBySlopes } from './softmax/softcap32';

export { addBlocks64, addGaps64, exponentials64, scaleAndPull64 } from './softmax/staged64';

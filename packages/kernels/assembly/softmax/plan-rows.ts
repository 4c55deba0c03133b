// Rows of plans with logit steps, other surprisals or other targets than labels: their largest logits, exponentials with their
// sums, and gradients, of as many as lie side by side. `first` is the class with which they begin, where they are parts of
// longer ones. What lies between, one formula a row, src/softmax/simd/ does.
import { storeFirst32 } from '../shared/lanes';
import { BLOCK, PLAN, SCALE } from './plan-constants32';
import { exponentiateBlock, subtract, subtractPairs } from './plan-exponentials32';
import { mix, sumOfProducts, weighBlock } from './plan-targets32';
import { findLargest } from './plan-top32';
import {
  addTo,
  APART,
  BASE,
  FACTOR,
  MASS,
  OWN,
  PULL,
  RECORD,
  REST,
  SCORE,
  SHARE,
  SHIFT,
  TOP,
  TOP_CLASS,
  TOP_LOW,
  TOP_OFFSET,
} from './records';
import { scale, scaleAndPull } from './scale32';
import { sumBlock } from './sum-block32';

// The largest y of each row and its class. A row with NaN has NaN from then on. Until the rule sets it, TOP_OFFSET is what the
// score of that class adds.
export function findTops(
  at: usize,
  low: usize,
  offsets: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  const size = <usize>classes * 4;
  const scale: f64 = load<f32>(PLAN, SCALE);
  // Scores with offsets are rounded: that of each block is compared with the others by differences, wherever a row is cut.
  const step = offsets == 0 ? classes : BLOCK;
  for (let record = records; rows > 0; rows--, record += RECORD, at += size) {
    for (let from = 0; from < classes; from += step) {
      const start = <usize>from * 4;
      const ofLow = low == 0 ? 0 : low + start;
      const ofOffsets = offsets == 0 ? 0 : offsets + start;
      findTop(at + start, ofLow, ofOffsets, record, min(step, classes - from), first + from, scale);
    }
    if (low != 0) low += size;
  }
}

function findTop(at: usize, low: usize, offsets: usize, record: usize, classes: i32, first: i32, scale: f64): void {
  let index = findLargest(at, offsets, classes, 0);
  // Where a logit is large its score has lost what the offset adds.
  if (offsets != 0 && index >= 0) {
    const logit: f64 = load<f32>(at + <usize>index * 4);
    if (abs(logit * scale) > LARGEST_SCORED) index = findLargest(at, offsets, classes, logit);
  }
  if (index == -2) store<f64>(record, NaN, SCORE);
  if (index < 0) return;
  const place = <usize>index * 4;
  const logit: f64 = load<f32>(at + place);
  const offset: f64 = offsets == 0 ? 0 : load<f32>(offsets + place);
  const isFirst = load<f64>(record, TOP_CLASS) < 0;
  const above = (logit - load<f64>(record, TOP)) * scale + (offset - load<f64>(record, TOP_OFFSET));
  if (!isFirst && !(above > 0)) return;
  if (load<f64>(record, SCORE) == -Infinity) store<f64>(record, 0, SCORE);
  store<f64>(record, logit, TOP);
  store<f64>(record, low == 0 ? 0 : load<f32>(low + place), TOP_LOW);
  store<f64>(record, offset, TOP_OFFSET);
  store<f64>(record, first + index, TOP_CLASS);
}

// 2^8 of the 2^-20 by which scores are smaller than logits.
const LARGEST_SCORED: f64 = 0.000244140625;

// Where src/softmax/simd/ writes the numbers of a plan.
export function plan(): usize {
  return PLAN;
}

// Exponentials of each row, in place or elsewhere, and their sums without that of the class apart, which becomes 0. What is left of
// the low parts of rows with a base goes to `tails`, which may be `low`.
export function exponentiateRows(
  from: usize,
  to: usize,
  low: usize,
  tails: usize,
  weights: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  const size = <usize>classes * 4;
  for (let record = records; rows > 0; rows--, record += RECORD, from += size, to += size) {
    exponentiateRow(from, to, low, tails, weights, record, classes, i32(load<f64>(record, APART)) - first);
    if (low == 0) continue;
    low += size;
    tails += size;
  }
}

function exponentiateRow(
  from: usize,
  to: usize,
  low: usize,
  tails: usize,
  weights: usize,
  record: usize,
  classes: i32,
  apart: i32,
): void {
  const base = load<f64>(record, BASE);
  const shift = load<f64>(record, SHIFT);
  if (base != 0) {
    if (low == 0) subtract(from, to, classes, base);
    else subtractPairs(from, low, to, tails, classes, base);
    from = to;
    low = low == 0 ? 0 : tails;
  }
  for (let at = 0; at < classes; at += BLOCK) {
    const start = <usize>at * 4;
    const count = min(BLOCK, classes - at);
    const ofLow = low == 0 ? 0 : low + start;
    const ofWeights = weights == 0 ? 0 : weights + start;
    let sum = exponentiateBlock(from + start, to + start, ofLow, ofWeights, count, shift);
    if (apart >= at && apart < at + count) {
      const atApart = to + <usize>apart * 4;
      store<f64>(record, load<f32>(atApart), OWN);
      store<f32>(atApart, 0);
      sum = sumBlock(to + start, count);
    }
    addTo(record + REST, sum);
  }
}

// Puts a number in place of the classes that `allowed`, 1 or 0, takes out.
export function maskRows(at: usize, allowed: usize, classes: i32, rows: i32, value: f64): void {
  const size = <usize>classes * 4;
  const replaced = f32x4.splat(<f32>value);
  const zero = f32x4.splat(0);
  for (; rows > 0; rows--, at += size) {
    let place: usize = 0;
    for (let left = classes; left > 0; left -= 4, place += 16) {
      const isMasked = f32x4.eq(v128.load(allowed + place), zero);
      storeFirst32(at + place, v128.bitselect(replaced, v128.load(at + place), isMasked), left);
    }
  }
}

// sum u_c (y_top - y_c) and sum u_c of each row. Target rows lie `stride` apart, 0 where all have the same one.
export function weighRows(
  at: usize,
  low: usize,
  offsets: usize,
  targets: usize,
  stride: usize,
  records: usize,
  classes: i32,
  rows: i32,
  scale: f64,
): void {
  const size = <usize>classes * 4;
  for (let record = records; rows > 0; rows--, record += RECORD, at += size, targets += stride) {
    for (let from = 0; from < classes; from += BLOCK) {
      const start = <usize>from * 4;
      const count = min(BLOCK, classes - from);
      const ofLow = low == 0 ? 0 : low + start;
      const ofOffsets = offsets == 0 ? 0 : offsets + ((<usize>from) << 3);
      weighBlock(at + start, ofLow, ofOffsets, targets + start, count, record, scale);
    }
    if (low != 0) low += size;
  }
}

// Exponentials become the gradient: e_j factor, or e_j factor - pull u_j where there are target rows.
export function scaleRows(at: usize, targets: usize, stride: usize, records: usize, classes: i32, rows: i32): void {
  const size = <usize>classes * 4;
  for (let record = records; rows > 0; rows--, record += RECORD, at += size) {
    const factor = load<f64>(record, FACTOR);
    if (targets == 0) {
      scale(at, classes, factor);
      continue;
    }
    const pull = load<f64>(record, PULL);
    scaleAndPull(at, targets, classes, factor, pull);
    targets += stride;
  }
}

// Adds sum g_c u_c of each row to its mass.
export function addMasses(targets: usize, g: usize, records: usize, classes: i32, rows: i32): void {
  const size = <usize>classes * 4;
  for (let record = records; rows > 0; rows--, record += RECORD, targets += size) {
    for (let from = 0; from < classes; from += BLOCK) {
      const start = <usize>from * 4;
      const count = min(BLOCK, classes - from);
      const sum = sumOfProducts(targets + start, g + start, count);
      addTo(record + MASS, sum);
    }
  }
}

// u_c = kept_c u_c + share added_c.
export function mixRows(targets: usize, kept: usize, added: usize, records: usize, classes: i32, rows: i32): void {
  const size = <usize>classes * 4;
  for (let record = records; rows > 0; rows--, record += RECORD, targets += size) {
    const share = load<f64>(record, SHARE);
    mix(targets, kept, added, classes, share);
  }
}

// The functions of `plan-rows.ts` for the two types, and where src/softmax/simd/ writes the numbers of a plan.
import { PLAN as PLAN32 } from './plan-passes32';
import { PLAN as PLAN64 } from './plan-passes64';
import { addMasses, exponentiateRows, findTops, mixRows, scaleRows, weighRows } from './plan-rows';

export function plan32(): usize {
  return PLAN32;
}

export function plan64(): usize {
  return PLAN64;
}

export function findTops32(
  at: usize,
  low: usize,
  offsets: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  findTops<f32>(at, low, offsets, records, classes, rows, first);
}

export function findTops64(
  at: usize,
  low: usize,
  offsets: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  findTops<f64>(at, low, offsets, records, classes, rows, first);
}

export function exponentiateRows32(
  from: usize,
  to: usize,
  low: usize,
  weights: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  exponentiateRows<f32>(from, to, low, weights, records, classes, rows, first);
}

export function exponentiateRows64(
  from: usize,
  to: usize,
  low: usize,
  weights: usize,
  records: usize,
  classes: i32,
  rows: i32,
  first: i32,
): void {
  exponentiateRows<f64>(from, to, low, weights, records, classes, rows, first);
}

export function weighRows32(
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
  weighRows<f32>(at, low, offsets, targets, stride, records, classes, rows, scale);
}

export function weighRows64(
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
  weighRows<f64>(at, low, offsets, targets, stride, records, classes, rows, scale);
}

export function scaleRows32(at: usize, targets: usize, stride: usize, records: usize, classes: i32, rows: i32): void {
  scaleRows<f32>(at, targets, stride, records, classes, rows);
}

export function scaleRows64(at: usize, targets: usize, stride: usize, records: usize, classes: i32, rows: i32): void {
  scaleRows<f64>(at, targets, stride, records, classes, rows);
}

export function addMasses32(targets: usize, g: usize, records: usize, classes: i32, rows: i32): void {
  addMasses<f32>(targets, g, records, classes, rows);
}

export function addMasses64(targets: usize, g: usize, records: usize, classes: i32, rows: i32): void {
  addMasses<f64>(targets, g, records, classes, rows);
}

export function mixRows32(targets: usize, kept: usize, added: usize, records: usize, classes: i32, rows: i32): void {
  mixRows<f32>(targets, kept, added, records, classes, rows);
}

export function mixRows64(targets: usize, kept: usize, added: usize, records: usize, classes: i32, rows: i32): void {
  mixRows<f64>(targets, kept, added, records, classes, rows);
}

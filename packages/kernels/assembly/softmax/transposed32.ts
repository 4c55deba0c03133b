// Four rows of float32, of which class by class lies in lanes, a lane for each row.
// The four rows at hand.
let row0: usize = 0;
let row1: usize = 0;
let row2: usize = 0;
let row3: usize = 0;
// Where their classes lie, 16 bytes each.
export let lanes: usize = 0;
// Where the classes of their labels lie, in bytes from where a row begins.
let y0: usize = 0;
let y1: usize = 0;
let y2: usize = 0;
let y3: usize = 0;

export function setLanes(at: usize): void {
  lanes = at;
}

// To the lanes behind those at hand.
export function moveLanes(size: usize): void {
  lanes += size << 2;
}

// Where rows and labels begin; those that are not there repeat the last.
export function setRows(at: usize, size: usize, labels: usize, last: i32): void {
  const second = min(1, last);
  const third = min(2, last);
  const fourth = min(3, last);
  row0 = at;
  row1 = at + size * second;
  row2 = at + size * third;
  row3 = at + size * fourth;
  y0 = load<u32>(labels) << 2;
  y1 = load<u32>(labels + (second << 2)) << 2;
  y2 = load<u32>(labels + (third << 2)) << 2;
  y3 = load<u32>(labels + (fourth << 2)) << 2;
}

function gather(at0: usize, at1: usize, at2: usize, at3: usize): v128 {
  let v = v128.load32_zero(at0);
  v = v128.load32_lane(at1, v, 1);
  v = v128.load32_lane(at2, v, 2);
  return v128.load32_lane(at3, v, 3);
}

// What the lanes hold of the labels' classes.
export function gatherLanes(): v128 {
  return gather(lanes + (y0 << 2), lanes + (y1 << 2) + 4, lanes + (y2 << 2) + 8, lanes + (y3 << 2) + 12);
}

// What a vector over the classes holds for the labels.
export function gatherLabels(v: usize): v128 {
  return gather(v + y0, v + y1, v + y2, v + y3);
}

// Four rows of logits into lanes; returns the largest of each, NaN where there is one.
export function transpose(size: usize, kept: v128): v128 {
  let top = f32x4.splat(-Infinity);
  let ordered = i32x4.splat(-1);
  let from: usize = 0;
  let to = lanes;
  for (const end = size & ~15; from < end; from += 16) {
    const z0 = v128.load(row0 + from);
    const z1 = v128.load(row1 + from);
    const z2 = v128.load(row2 + from);
    const z3 = v128.load(row3 + from);
    const a = i32x4.shuffle(z0, z1, 0, 4, 1, 5);
    const b = i32x4.shuffle(z2, z3, 0, 4, 1, 5);
    const c = i32x4.shuffle(z0, z1, 2, 6, 3, 7);
    const d = i32x4.shuffle(z2, z3, 2, 6, 3, 7);
    const t0 = v128.and(kept, i64x2.shuffle(a, b, 0, 2));
    const t1 = v128.and(kept, i64x2.shuffle(a, b, 1, 3));
    const t2 = v128.and(kept, i64x2.shuffle(c, d, 0, 2));
    const t3 = v128.and(kept, i64x2.shuffle(c, d, 1, 3));
    v128.store(to, t0);
    v128.store(to, t1, 16);
    v128.store(to, t2, 32);
    v128.store(to, t3, 48);
    to += 64;
    const ordered01 = v128.and(f32x4.eq(t0, t0), f32x4.eq(t1, t1));
    const ordered23 = v128.and(f32x4.eq(t2, t2), f32x4.eq(t3, t3));
    ordered = v128.and(ordered, v128.and(ordered01, ordered23));
    top = f32x4.pmax(top, f32x4.pmax(f32x4.pmax(t0, t1), f32x4.pmax(t2, t3)));
  }
  for (; from < size; from += 4) {
    const z = v128.and(kept, gather(row0 + from, row1 + from, row2 + from, row3 + from));
    v128.store(to, z);
    to += 16;
    top = f32x4.pmax(top, z);
    ordered = v128.and(ordered, f32x4.eq(z, z));
  }
  return v128.bitselect(top, f32x4.splat(NaN), ordered);
}

// A number into each row, `y` bytes from where it begins. The lane of a row that is not there writes before that of the row it
// repeats.
function scatter(y0: usize, y1: usize, y2: usize, y3: usize, v: v128): void {
  v128.store32_lane(row3 + y3, v, 3);
  v128.store32_lane(row2 + y2, v, 2);
  v128.store32_lane(row1 + y1, v, 1);
  v128.store32_lane(row0 + y0, v, 0);
}

// A number into the label's class of each row.
export function scatterLabels(v: v128): void {
  scatter(y0, y1, y2, y3, v);
}

// Lanes times a factor of their row, back into rows.
export function writeRows(size: usize, factor: v128): void {
  const end = size & ~15;
  const at = lanes;
  let to: usize = 0;
  for (; to < end; to += 16) {
    const from = at + (to << 2);
    const e0 = f32x4.mul(v128.load(from), factor);
    const e1 = f32x4.mul(v128.load(from, 16), factor);
    const e2 = f32x4.mul(v128.load(from, 32), factor);
    const e3 = f32x4.mul(v128.load(from, 48), factor);
    const a = i32x4.shuffle(e0, e1, 0, 4, 1, 5);
    const b = i32x4.shuffle(e2, e3, 0, 4, 1, 5);
    const c = i32x4.shuffle(e0, e1, 2, 6, 3, 7);
    const d = i32x4.shuffle(e2, e3, 2, 6, 3, 7);
    v128.store(row3 + to, i64x2.shuffle(c, d, 1, 3));
    v128.store(row2 + to, i64x2.shuffle(c, d, 0, 2));
    v128.store(row1 + to, i64x2.shuffle(a, b, 1, 3));
    v128.store(row0 + to, i64x2.shuffle(a, b, 0, 2));
  }
  for (; to < size; to += 4) scatter(to, to, to, to, f32x4.mul(v128.load(at + (to << 2)), factor));
}

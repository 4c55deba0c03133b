// Parts of vectors.

const MASKS32: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0]);
const MASKS64: usize = memory.data<i64>([-1, -1, 0, 0]);

// Ones in the first `count` lanes; in all of them from four on.
export function firstOf32(count: i32): v128 {
  return v128.load(MASKS32 + ((4 - min(count, 4)) << 2));
}

export function firstOf64(count: i32): v128 {
  return v128.load(MASKS64 + ((2 - min(count, 2)) << 3));
}

// Stores the first `count` numbers of a vector, all of them from four on. What lies behind them may be another thread's.
export function storeFirst32(at: usize, v: v128, count: i32): void {
  if (count >= 4) {
    v128.store(at, v);
    return;
  }
  if (count == 1) {
    v128.store32_lane(at, v, 0);
    return;
  }
  v128.store64_lane(at, v, 0);
  if (count == 3) v128.store32_lane(at, v, 2, 8);
}

export function storeFirst64(at: usize, v: v128, count: i32): void {
  if (count > 1) v128.store(at, v);
  else v128.store64_lane(at, v, 0);
}

export function upperHalf(v: v128): v128 {
  return i64x2.shuffle(v, v, 1, 1);
}

export function sumOfLanes64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

// Four float32 of two pairs of float64.
export function demote(a: v128, b: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(a), f32x4.demote_f64x2_zero(b), 0, 2);
}

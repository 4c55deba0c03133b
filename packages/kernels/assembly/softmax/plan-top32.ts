import { firstOf32, upperHalf } from '../shared/lanes';
import { madd32 } from '../shared/madd';
import { BLOCK, PLAN, SCALE } from './plan-constants32';

// The index of the largest y of `classes` numbers, the first where several have it; -1 where all are -Infinity, -2 where there is
// a NaN. Only blocks with a number above all before them are searched.
export function findLargest(at: usize, offsets: usize, classes: i32, base: f64): i32 {
  return offsets == 0 ? findIn(at, 0, classes, 0, false) : findIn(at, offsets, classes, <f32>base, true);
}

// @ts-ignore: decorator
@inline
function findIn(start: usize, offsets: usize, classes: i32, base: f32, hasOffsets: bool): i32 {
  const s = v128.load32_splat(PLAN, SCALE);
  const b = f32x4.splat(base);
  let ordered = i32x4.splat(-1);
  let value: f32 = -Infinity;
  let found = -1;
  for (let from = 0; from < classes; from += BLOCK) {
    const at = start + (from << 2);
    const added = offsets + (from << 2);
    const count = min(BLOCK, classes - from);
    let topA = f32x4.splat(-Infinity);
    let topB = topA;
    let i: usize = 0;
    for (const end = (<usize>(count & ~7)) << 2; i < end; i += 32) {
      const yA = scoreAt(at + i, added + i, s, b, hasOffsets);
      const yB = scoreAt(at + i + 16, added + i + 16, s, b, hasOffsets);
      topA = f32x4.pmax(topA, yA);
      topB = f32x4.pmax(topB, yB);
      // One comparison finds a NaN in either.
      ordered = v128.and(ordered, v128.or(f32x4.le(yA, yB), f32x4.ge(yA, yB)));
    }
    for (let left = count & 7; left > 0; left -= 4, i += 16) {
      const y = v128.bitselect(scoreAt(at + i, added + i, s, b, hasOffsets), f32x4.splat(-Infinity), firstOf32(left));
      topA = f32x4.pmax(topA, y);
      ordered = v128.and(ordered, f32x4.eq(y, y));
    }
    topA = f32x4.pmax(topA, topB);
    if (!v128.any_true(f32x4.gt(topA, f32x4.splat(value)))) continue;
    topA = f32x4.pmax(topA, upperHalf(topA));
    value = max(f32x4.extract_lane(topA, 0), f32x4.extract_lane(topA, 1));
    const wanted = f32x4.splat(value);
    i = 0;
    let lanes = 0;
    for (; lanes == 0; i += 16) lanes = i32x4.bitmask(f32x4.eq(scoreAt(at + i, added + i, s, b, hasOffsets), wanted));
    found = from + (<i32>(i >> 2)) - 4 + ctz(lanes);
  }
  return i32x4.all_true(ordered) ? found : -2;
}

// @ts-ignore: decorator
@inline
function scoreAt(at: usize, offsets: usize, s: v128, base: v128, hasOffsets: bool): v128 {
  const z = v128.load(at);
  return hasOffsets ? madd32(f32x4.sub(z, base), s, v128.load(offsets)) : z;
}

// Exponentials of a row of float32, or of a part of it, become its gradient, in place.
import { storeFirst32 } from '../shared/lanes';

// e_j = e_j factor in place. A factor that float32 does not hold is applied in two steps, of which the second is exact.
export function scale(at: usize, count: i32, factor: f64): void {
  if (!isFactor32(factor)) {
    const half = max(-126, min(127, exponentOf(factor) >> 1));
    const power = reinterpret<f64>(u64(1023 + half) << 52);
    scaleBy(at, count, <f32>(factor / power));
    scaleBy(at, count, <f32>power);
  } else scaleBy(at, count, <f32>factor);
}

function exponentOf(factor: f64): i32 {
  return i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
}

// Whether a factor is one of float32 with all digits.
function isFactor32(factor: f64): bool {
  return factor == 0 || (exponentOf(factor) >= -126 && exponentOf(factor) < 127);
}

function scaleBy(at: usize, count: i32, factor: f32): void {
  const f = f32x4.splat(factor);
  const pairs = at + ((count & ~7) << 2);
  for (; at < pairs; at += 32) {
    v128.store(at, f32x4.mul(v128.load(at), f));
    v128.store(at, f32x4.mul(v128.load(at, 16), f), 16);
  }
  for (let left = count & 7; left > 0; left -= 4) {
    storeFirst32(at, f32x4.mul(v128.load(at), f), left);
    at += 16;
  }
}

// e_j = e_j factor - pull v_j in place. Not fused: rounding could make -0 of a tiny mass.
export function scaleAndPull(at: usize, v: usize, count: i32, factor: f64, pull: f64): void {
  const isPlain = isFactor32(factor);
  if (!isPlain) scale(at, count, factor);
  const f = f32x4.splat(isPlain ? <f32>factor : 1);
  const p = f32x4.splat(<f32>pull);
  const end = at + ((count & ~7) << 2);
  for (; at < end; at += 32, v += 32) {
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(v), p)));
    v128.store(at, f32x4.sub(f32x4.mul(v128.load(at, 16), f), f32x4.mul(v128.load(v, 16), p)), 16);
  }
  for (let left = count & 7; left > 0; left -= 4, at += 16, v += 16)
    storeFirst32(at, f32x4.sub(f32x4.mul(v128.load(at), f), f32x4.mul(v128.load(v), p)), left);
}

import { demote } from '../shared/lanes';
import { vector } from './short-rows';
import { lanes, writeRows } from './transposed32';

// Exponentials of all lanes by their factors, less v, back into rows.
export function writeGradient(size: usize, factorA: v128, factorB: v128, ofVector: v128): void {
  const small = f64x2.splat(7.888609052210118e-31); // 2^-100 and 2^100, as in `scale32.ts`
  const large = f64x2.splat(1.2676506002282294e30);
  let factor = demote(factorA, factorB);
  if (v128.any_true(v128.or(isOutside(factorA, small, large), isOutside(factorB, small, large)))) {
    const powerA = halfPower(factorA);
    const powerB = halfPower(factorB);
    multiplyLanes(size, demote(f64x2.div(factorA, powerA), f64x2.div(factorB, powerB)));
    factor = demote(powerA, powerB);
  }
  if (vector != 0) {
    pull(size, factor, ofVector);
    factor = f32x4.splat(1);
  }
  writeRows(size, factor);
}

function isOutside(factor: v128, small: v128, large: v128): v128 {
  const outside = v128.or(f64x2.lt(factor, small), f64x2.gt(factor, large));
  return v128.and(outside, f64x2.ne(factor, f64x2.splat(0)));
}

// A power of two with half the exponent of each factor.
function halfPower(factor: v128): v128 {
  return f64x2.replace_lane(
    f64x2.splat(halfPowerOf(f64x2.extract_lane(factor, 0))),
    1,
    halfPowerOf(f64x2.extract_lane(factor, 1)),
  );
}

function halfPowerOf(factor: f64): f64 {
  const exponent = i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
  return reinterpret<f64>(u64(1023 + max(-126, min(127, exponent >> 1))) << 52);
}

function multiplyLanes(size: usize, factor: v128): void {
  const end = lanes + (size << 2);
  for (let at = lanes; at < end; at += 16) v128.store(at, f32x4.mul(v128.load(at), factor));
}

// e_c = e_c factor - pull v_c in place. Not fused: rounding could make -0 of a tiny mass.
function pull(size: usize, factor: v128, pull: v128): void {
  for (let at: usize = 0; at < size; at += 4) {
    const to = lanes + (at << 2);
    const ofTarget = f32x4.mul(v128.load32_splat(vector + at), pull);
    v128.store(to, f32x4.sub(f32x4.mul(v128.load(to), factor), ofTarget));
  }
}

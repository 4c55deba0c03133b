// Powers of the probabilities p of float32 logits, and of 1 - p.
import { log1p64x2 } from '../shared/log1p';
import { demote } from '../shared/lanes';
import { madd32, madd64 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly, reduce } from './exponential32';
import { exponential64x2 } from './exponential64';

const WIDE: usize = memory.data<f64>([
  1.44269504088896340736, // log2 e
  -0.6931471803691238, // log 2 in two parts
  -1.9082149292705877e-10,
  6755399441055744, // 1.5 2^52
]);
// e^x for x <= 0; 0 below -87.
export function exp32x4(x: v128): v128 {
  const magic = f32x4.splat(MAGIC);
  const t = madd32(x, v128.load32_splat(CONSTANTS), magic);
  const r = reduce(x, f32x4.sub(t, magic), v128.load32_splat(CONSTANTS, 4), v128.load32_splat(CONSTANTS, 8));
  return powerOfTwo(r, t, f32x4.ge(x, f32x4.splat(-87)));
}

function powerOfTwo(r: v128, t: v128, kept: v128): v128 {
  const c2 = v128.load32_splat(CONSTANTS, 12);
  const c3 = v128.load32_splat(CONSTANTS, 16);
  const c4 = v128.load32_splat(CONSTANTS, 20);
  const c5 = v128.load32_splat(CONSTANTS, 24);
  const c6 = v128.load32_splat(CONSTANTS, 28);
  const one = v128.load32_splat(CONSTANTS, 32);
  return v128.and(i32x4.add(poly(r, c2, c3, c4, c5, c6, one), i32x4.shl(t, 23)), kept);
}

// e^(-q surprisal) of four classes: reduced in float64, the rest in float32.
export function powerOfProbability(a: v128, b: v128, order: f64): v128 {
  const minusOrder = f64x2.splat(-order);
  const x = f64x2.pmax(f64x2.mul(a, minusOrder), f64x2.splat(-100));
  const y = f64x2.pmax(f64x2.mul(b, minusOrder), f64x2.splat(-100));
  const magic = v128.load64_splat(WIDE, 24);
  const log2e = v128.load64_splat(WIDE);
  const tx = madd64(x, log2e, magic);
  const ty = madd64(y, log2e, magic);
  const high = v128.load64_splat(WIDE, 8);
  const rx = madd64(f64x2.sub(tx, magic), high, x);
  const ry = madd64(f64x2.sub(ty, magic), high, y);
  // The low words of the sums are the integers n.
  const t = i32x4.shuffle(tx, ty, 0, 2, 4, 6);
  const kept = f32x4.ge(demote(x, y), f32x4.splat(-87));
  return powerOfTwo(demote(rx, ry), t, kept);
}

// (1 - p)^a of two classes.
export function power64(p: v128, power: f64): v128 {
  const odds = f64x2.div(p, f64x2.sub(f64x2.splat(1), p));
  return exponential64x2(f64x2.mul(log1p64x2(odds), f64x2.splat(-power)));
}

// log(1 + x) of two numbers at once, x from 0 to 2^1022, the same bits on every machine: no fused operation.
//
// With u = 1 + x rounded, c = ((1 + x) - u) / u what rounding took, u = 2^k m, m in [sqrt(1/2), sqrt(2)), f = m - 1:
// log(1 + x) = k log 2 + log(1 + f) + c, and with s = f / (2 + f), t = s^2,
// log(1 + f) = 2 atanh(s) = f - s (f - R), R = 2 t (1/3 + t/5 + t^2/7 + ...). t is at most 0.0295: ten terms of the
// series leave 2^-60. Nothing cancels for small x, where f + c is x.

const ONE: i64 = 0x3ff0000000000000;
const ROOT_HALF: i64 = 0x3fe6a09e00000000;
// 2^52 + 2^51: its bits plus a small integer are those of it plus the integer.
const MAGIC: f64 = 6755399441055744;
const MAGIC_BITS: i64 = 0x4338000000000000;
// log 2 rounded to 32 bits, so that k times it is exact, and the rest.
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

export function log1p64x2(x: v128): v128 {
  const one = f64x2.splat(1);
  const u = f64x2.add(x, one);
  // What rounding took: two-sum, whichever of the two is larger.
  const big = f64x2.max(x, one);
  const small = f64x2.min(x, one);
  const c = f64x2.div(f64x2.sub(small, f64x2.sub(u, big)), u);
  const bits = i64x2.add(u, i64x2.splat(ONE - ROOT_HALF));
  const k = f64x2.sub(
    i64x2.add(i64x2.sub(i64x2.shr_u(bits, 52), i64x2.splat(1023)), i64x2.splat(MAGIC_BITS)),
    f64x2.splat(MAGIC),
  );
  const m = i64x2.add(v128.and(bits, i64x2.splat(0x000fffffffffffff)), i64x2.splat(ROOT_HALF));
  const f = f64x2.sub(m, one);
  const s = f64x2.div(f, f64x2.add(f, f64x2.splat(2)));
  const t = f64x2.mul(s, s);
  const tt = f64x2.mul(t, t);
  const even = atanhSeries(tt, 2.0 / 3, 2.0 / 7, 2.0 / 11, 2.0 / 15, 2.0 / 19);
  const odd = atanhSeries(tt, 2.0 / 5, 2.0 / 9, 2.0 / 13, 2.0 / 17, 2.0 / 21);
  const r = f64x2.mul(t, f64x2.add(even, f64x2.mul(t, odd)));
  const low = f64x2.add(f64x2.mul(k, f64x2.splat(LN2_LOW)), c);
  const tail = f64x2.sub(f64x2.mul(s, f64x2.sub(f, r)), low);
  return f64x2.add(f64x2.mul(k, f64x2.splat(LN2_HIGH)), f64x2.sub(f, tail));
}

function atanhSeries(t: v128, a: f64, b: f64, c: f64, d: f64, e: f64): v128 {
  let sum = f64x2.add(f64x2.splat(d), f64x2.mul(t, f64x2.splat(e)));
  sum = f64x2.add(f64x2.splat(c), f64x2.mul(t, sum));
  sum = f64x2.add(f64x2.splat(b), f64x2.mul(t, sum));
  return f64x2.add(f64x2.splat(a), f64x2.mul(t, sum));
}

export function log1p64(x: f64): f64 {
  return f64x2.extract_lane(log1p64x2(f64x2.splat(x)), 0);
}

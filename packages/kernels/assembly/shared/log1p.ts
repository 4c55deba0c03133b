// log(1 + x) of two numbers at once, x from 0 to 2^1022, the same bits on every machine: no fused operation.
//
// With u = 1 + x rounded, c = ((1 + x) - u) / u what rounding took, u = 2^k m, m in [sqrt(1/2), sqrt(2)), f = m - 1:
// log(1 + x) = k log 2 + log(1 + f) + c, and with s = f / (2 + f), t = s^2,
// log(1 + f) = 2 atanh(s) = f - s (f - R), R = 2 t (1/3 + t/5 + t^2/7 + ...). t is at most 0.0295: ten terms of the
// series leave 2^-60. Nothing cancels for small x, where f + c is x.

// Loaded, since V8 builds a constant anew at every use.
const INTEGERS: usize = memory.data<i64>([
  0x3ff0000000000000 - 0x3fe6a09e00000000, // the bits of 1 less those of sqrt(1/2)
  1023,
  0x4338000000000000, // those of 2^52 + 2^51, which plus a small integer are those of it plus the integer
  0x000fffffffffffff,
  0x3fe6a09e00000000,
]);
const NUMBERS: usize = memory.data<f64>([
  1,
  2,
  6755399441055744, // 2^52 + 2^51
  // log 2 rounded to 32 bits, so that k times it is exact, and the rest.
  0.6931471803691238,
  1.9082149292705877e-10,
  0.6666666666666666, // 2/3, 2/5, ... 2/21
  0.4,
  0.2857142857142857,
  0.2222222222222222,
  0.18181818181818182,
  0.15384615384615385,
  0.13333333333333333,
  0.11764705882352941,
  0.10526315789473684,
  0.09523809523809523,
]);

export function log1p64x2(x: v128): v128 {
  const one = v128.load64_splat(NUMBERS);
  const u = f64x2.add(x, one);
  // What rounding took: two-sum, whichever of the two is larger.
  const big = f64x2.pmax(x, one);
  const small = f64x2.pmin(one, x);
  const c = f64x2.div(f64x2.sub(small, f64x2.sub(u, big)), u);
  const bits = i64x2.add(u, v128.load64_splat(INTEGERS));
  const exponent = i64x2.sub(i64x2.shr_u(bits, 52), v128.load64_splat(INTEGERS, 8));
  const k = f64x2.sub(i64x2.add(exponent, v128.load64_splat(INTEGERS, 16)), v128.load64_splat(NUMBERS, 16));
  const fraction = v128.and(bits, v128.load64_splat(INTEGERS, 24));
  const f = f64x2.sub(i64x2.add(fraction, v128.load64_splat(INTEGERS, 32)), one);
  const s = f64x2.div(f, f64x2.add(f, v128.load64_splat(NUMBERS, 8)));
  const t = f64x2.mul(s, s);
  const tt = f64x2.mul(t, t);
  const r = f64x2.mul(t, f64x2.add(evenTerms(tt), f64x2.mul(t, oddTerms(tt))));
  const low = f64x2.add(f64x2.mul(k, v128.load64_splat(NUMBERS, 32)), c);
  const tail = f64x2.sub(f64x2.mul(s, f64x2.sub(f, r)), low);
  return f64x2.add(f64x2.mul(k, v128.load64_splat(NUMBERS, 24)), f64x2.sub(f, tail));
}

function evenTerms(t: v128): v128 {
  let sum = f64x2.add(v128.load64_splat(NUMBERS, 88), f64x2.mul(t, v128.load64_splat(NUMBERS, 104)));
  sum = f64x2.add(v128.load64_splat(NUMBERS, 72), f64x2.mul(t, sum));
  sum = f64x2.add(v128.load64_splat(NUMBERS, 56), f64x2.mul(t, sum));
  return f64x2.add(v128.load64_splat(NUMBERS, 40), f64x2.mul(t, sum));
}

function oddTerms(t: v128): v128 {
  let sum = f64x2.add(v128.load64_splat(NUMBERS, 96), f64x2.mul(t, v128.load64_splat(NUMBERS, 112)));
  sum = f64x2.add(v128.load64_splat(NUMBERS, 80), f64x2.mul(t, sum));
  sum = f64x2.add(v128.load64_splat(NUMBERS, 64), f64x2.mul(t, sum));
  return f64x2.add(v128.load64_splat(NUMBERS, 48), f64x2.mul(t, sum));
}

export function log1p64(x: f64): f64 {
  return f64x2.extract_lane(log1p64x2(f64x2.splat(x)), 0);
}

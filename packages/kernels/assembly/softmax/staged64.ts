// Passes over a row or a part of it in float64, for rows whose rules TypeScript makes: the loops of `src/softmax/row-kernel.ts`.
import { firstOf64, storeFirst64, sumOfLanes64 } from '../shared/lanes';
import { madd64 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly } from './exponential64';

const LN2: f64 = 0.6931471805599453;

// Numbers added up in plain float64 before their sum joins a compensated pair.
const BLOCK: i32 = 32;

// e_j = exp(z_j - base) 2^-shift. What is smaller than the smallest normal number comes out as exactly 0, -Infinity too; what is
// too large near 2^1023, so that the sum tells; NaN stays NaN.
export function exponentials64(from: usize, to: usize, count: i32, base: f64, shift: f64): void {
  const log2e = v128.load64_splat(CONSTANTS);
  const ln2High = v128.load64_splat(CONSTANTS, 8);
  const ln2Low = v128.load64_splat(CONSTANTS, 16);
  const offset = f64x2.splat(base);
  const lowest = f64x2.splat((shift - 1021) * LN2);
  const highest = f64x2.splat((shift + 1022) * LN2);
  // The last bits of t are the exponent of 2^(n - shift), biased.
  const magic = f64x2.splat(MAGIC + 1023 - shift);
  for (let left = count; left > 0; left -= 2, from += 16, to += 16) {
    const z = f64x2.sub(v128.load(from), offset);
    const x = f64x2.pmin(f64x2.pmax(z, lowest), highest);
    const t = madd64(x, log2e, magic);
    const n = f64x2.sub(t, magic);
    const mantissa = poly(madd64(n, ln2Low, madd64(n, ln2High, x)));
    // A product keeps NaN, which a sum of exponents may not.
    const e = f64x2.mul(mantissa, i64x2.shl(t, 52));
    storeFirst64(to, v128.andnot(e, f64x2.lt(z, lowest)), left);
  }
}

// Adds `count` numbers to a pair of sum and what rounding lost. `at` is the start of a block.
export function addBlocks64(pair: usize, at: usize, count: i32): void {
  for (let left = count; left > 0; left -= BLOCK, at += BLOCK * 8) addTo(pair, sumOfBlock(at, min(BLOCK, left)));
}

// Eight sums side by side: at most four numbers each.
function sumOfBlock(at: usize, count: i32): f64 {
  let a = f64x2.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const end = at + ((count & ~7) << 3); at < end; at += 64) {
    a = f64x2.add(a, v128.load(at));
    b = f64x2.add(b, v128.load(at, 16));
    c = f64x2.add(c, v128.load(at, 32));
    d = f64x2.add(d, v128.load(at, 48));
  }
  for (let left = count & 7; left > 0; left -= 2, at += 16) d = f64x2.add(d, v128.and(v128.load(at), firstOf64(left)));
  return sumOfLanes64(f64x2.add(f64x2.add(a, b), f64x2.add(c, d)));
}

// Adds sum_c w_c (top - z_c) to a pair. A class without mass adds nothing even where its logit is -Infinity.
export function addGaps64(pair: usize, w: usize, z: usize, count: i32, top: f64): void {
  for (let left = count; left > 0; left -= BLOCK, w += BLOCK * 8, z += BLOCK * 8)
    addTo(pair, gapsOfBlock(w, z, min(BLOCK, left), f64x2.splat(top)));
}

function gapsOfBlock(w: usize, z: usize, count: i32, top: v128): f64 {
  const zero = f64x2.splat(0);
  let a = zero;
  let b = zero;
  for (const end = w + ((count & ~3) << 3); w < end; w += 32, z += 32) {
    const w0 = v128.load(w);
    const w1 = v128.load(w, 16);
    a = madd64(w0, v128.and(f64x2.sub(top, v128.load(z)), f64x2.ne(w0, zero)), a);
    b = madd64(w1, v128.and(f64x2.sub(top, v128.load(z, 16)), f64x2.ne(w1, zero)), b);
  }
  for (let left = count & 3; left > 0; left -= 2, w += 16, z += 16) {
    const w0 = v128.and(v128.load(w), firstOf64(left));
    a = madd64(w0, v128.and(f64x2.sub(top, v128.load(z)), f64x2.ne(w0, zero)), a);
  }
  return sumOfLanes64(f64x2.add(a, b));
}

// Neumaier's summation.
function addTo(pair: usize, term: f64): void {
  const sum = load<f64>(pair);
  const next = sum + term;
  store<f64>(pair, load<f64>(pair, 8) + (sum >= term ? sum - next + term : term - next + sum), 8);
  store<f64>(pair, next);
}

// e_j factor - pull v_j in place, or e_j factor where there is no v. Not fused: rounding could make -0 of a tiny mass.
export function scaleAndPull64(at: usize, count: i32, factor: f64, v: usize, pull: f64): void {
  const f = f64x2.splat(factor);
  const p = f64x2.splat(pull);
  for (let left = count; left > 0; left -= 2, at += 16) {
    let e = f64x2.mul(v128.load(at), f);
    if (v != 0) {
      e = f64x2.sub(e, f64x2.mul(v128.load(v), p));
      v += 16;
    }
    storeFirst64(at, e, left);
  }
}

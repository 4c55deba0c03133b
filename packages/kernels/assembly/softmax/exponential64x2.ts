// The exponential of two numbers at once, x <= 0; 0 from -700 on.
import { madd64 } from '../shared/madd';
import { CONSTANTS, MAGIC, poly } from './row64';

const LEAST: f64 = -700;

export function exponential64x2(x: v128): v128 {
  const least = f64x2.splat(LEAST);
  const magic = f64x2.splat(MAGIC);
  const kept = f64x2.pmax(x, least);
  const t = madd64(kept, v128.load64_splat(CONSTANTS), magic);
  const n = f64x2.sub(t, magic);
  const r = madd64(n, v128.load64_splat(CONSTANTS, 16), madd64(n, v128.load64_splat(CONSTANTS, 8), kept));
  return v128.and(i64x2.add(poly(r), i64x2.shl(t, 52)), f64x2.ge(x, least));
}

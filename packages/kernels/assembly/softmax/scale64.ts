// As in `scale32.ts`.
import { storeFirst64 } from '../shared/lanes';

export function scale(at: usize, count: i32, factor: f64): void {
  const exponent = i32((reinterpret<u64>(factor) >> 52) & 0x7ff) - 1023;
  if (factor != 0 && (exponent < -900 || exponent > 900)) {
    const half = exponent >> 1;
    const power = reinterpret<f64>(u64(1023 + half) << 52);
    scaleBy(at, count, factor / power);
    scaleBy(at, count, power);
  } else scaleBy(at, count, factor);
}

function scaleBy(at: usize, count: i32, factor: f64): void {
  const f = f64x2.splat(factor);
  const pairs = at + ((count & ~3) << 3);
  for (; at < pairs; at += 32) {
    v128.store(at, f64x2.mul(v128.load(at), f));
    v128.store(at, f64x2.mul(v128.load(at, 16), f), 16);
  }
  for (let left = count & 3; left > 0; left -= 2) {
    storeFirst64(at, f64x2.mul(v128.load(at), f), left);
    at += 16;
  }
}

/* IEEE 754 binary16: a sign bit, five bits of exponent (bias 15), ten bits of fraction. */

/** Bits of infinity and of the one NaN that narrowing makes. */
const INFINITY_BITS = 0x7c00;
const NAN_BITS = 0x7e00;

/** 1.5 * 2^52: for |v| < 2^51, (v + MAGIC) - MAGIC is v rounded to the nearest integer, ties to even. */
const MAGIC = 6755399441055744;

/** 2^24: the smallest positive half is 2^-24. */
const TWO_24 = 16777216;

/** 2^25: (1024 + fraction) 2^exponent counts units of 2^-25. */
const TWO_25 = 33554432;

/* One scratch number; its bytes have a fixed order, so that no processor's own order matters. */
const SCRATCH: DataView = /* @__PURE__ */ scratch();

function scratch(): DataView {
  return new DataView(new ArrayBuffer(8));
}

/**
 * The number that sixteen bits stand for as a binary16 float, exactly.
 *
 * Formula: (-1)^sign (1024 + fraction) 2^(exponent - 25); for exponent 0, the denormal numbers, fraction 2^-24.
 *
 * @param bits an integer from 0 to 65,535, such as an element of a `Uint16Array`
 * @returns the number; exponent 31 gives an infinity, or NaN where the fraction is not 0
 */
export function widenHalf(bits: number): number {
  const fraction = bits & 0x3ff;
  const exponent = (bits >> 10) & 0x1f;
  const size =
    exponent === 0
      ? fraction / TWO_24
      : exponent < 31
        ? ((1024 + fraction) * (1 << exponent)) / TWO_25
        : fraction === 0
          ? Infinity
          : NaN;
  return bits & 0x8000 ? -size : size;
}

/**
 * The bits of the binary16 float nearest to a number, ties to the even fraction: one rounding, from all 53 bits.
 * By way of float32 a number would be rounded twice: 1 + 2^-11 + 2^-40 would become 1.
 *
 * @param value any number; from 65,520 on in magnitude it becomes infinite, up to 2^-25 zero of its sign
 * @returns an integer from 0 to 65,535; every NaN gives 0x7e00
 */
export function narrowHalf(value: number): number {
  SCRATCH.setFloat64(0, value, true);
  const word = SCRATCH.getInt32(4, true);
  const sign = (word >>> 16) & 0x8000;
  const size = word & 0x7fffffff; // eleven bits of exponent (bias 1023), twenty of fraction
  if (size >= 0x40f00000) return Number.isNaN(value) ? NAN_BITS : sign | INFINITY_BITS; // 2^16 and more
  // Below 2^-14 the spacing is 2^-24; rounding up to 1024 gives the bits of the smallest normal half.
  if (size < 0x3f100000) return sign | (Math.abs(value) * TWO_24 + MAGIC - MAGIC);
  // Of the fraction ten bits stay. Adding just under half of their unit carries where the rest is more than half; a
  // rest of exactly half carries where the last bit is odd. A carry out of the fraction is the next exponent.
  const half = size - 0x3f000000;
  const beyond = SCRATCH.getInt32(0, true) === 0 ? 0 : 1;
  return sign | ((half + 0x1ff + (((half >> 10) & 1) | beyond)) >> 10);
}

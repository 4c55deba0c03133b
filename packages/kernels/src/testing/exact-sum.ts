const BITS = new DataView(new ArrayBuffer(8));

/** The sum of finite numbers without rounding, in units of the smallest number, 2^-1074. */
export function exactSum(numbers: readonly number[]): bigint {
  return numbers.reduce((sum, value) => sum + unitsOf(value), 0n);
}

function unitsOf(value: number): bigint {
  BITS.setFloat64(0, value);
  const bits = BITS.getBigUint64(0);
  const exponent = (bits >> 52n) & 0x7ffn;
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return value < 0 ? -size : size;
}

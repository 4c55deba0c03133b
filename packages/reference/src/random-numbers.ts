/** A stream of pseudo-random numbers, the same for the same seed on every machine. */
export interface RandomNumbers {
  /** Uniform in [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Uniform among 0 … count - 1. */
  below(count: number): number;
  /** Roughly normal, mean 0 and variance 1, within ±6: the sum of twelve uniform numbers less six. */
  normal(): number;
  /** One of the values. */
  pick<Value>(values: readonly Value[]): Value;
}

/**
 * sfc32, the "small fast counting" generator of PractRand (Chris Doty-Humphrey): 128 bits of state with a counter, so
 * that its period is at least 2^32. The normal numbers use additions only, since Math.log and Math.cos may differ in the
 * last bit between machines.
 */
export function randomNumbers(seed: number): RandomNumbers {
  let [a, b, c, counter] = [seed | 0, (seed / 2 ** 32) | 0, 0x9e3779b9 | 0, 1];
  function next(): number {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  }
  for (let round = 0; round < 15; round += 1) next();
  const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  const below = (count: number): number => Math.floor(uniform() * count);
  return {
    uniform,
    below,
    normal: () => {
      let sum = -6;
      for (let n = 0; n < 12; n += 1) sum += uniform();
      return sum;
    },
    pick: (values) => values[below(values.length)],
  };
}

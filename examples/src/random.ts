/** Random numbers that a seed repeats, which Math.random cannot do. */
export interface Random {
  /** A number in [0, 1). */
  readonly uniform: () => number;
  /** A number of mean 0 and standard deviation 1, about normal. */
  readonly normal: () => number;
  /** The numbers 0 to count - 1, shuffled. */
  readonly shuffled: (count: number) => number[];
}

/** Starts a stream of random numbers: xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
export function seededRandom(seed: number): Random {
  // The state must not be 0. Spread the seed over all its bits, or small seeds would start alike.
  let state = Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995 || 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // Twelve uniform numbers have variance 1 in all. Sums are the same on every machine; logarithms may not be.
  const normal = (): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += uniform();
    return sum;
  };
  // Sorting by random keys shuffles.
  const shuffled = (count: number): number[] =>
    Array.from({ length: count }, (_, index) => ({ index, key: uniform() }))
      .sort((one, other) => one.key - other.key)
      .map(({ index }) => index);
  return { uniform, normal, shuffled };
}

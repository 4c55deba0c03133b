/** A seeded stream of numbers: the same on every machine, so that a message with the seed reproduces a failure. */
export interface Random {
  readonly seed: number;
  /** In [0, 1), with 32 random bits. */
  readonly uniform: () => number;
  /** About normal, mean 0, deviation 1, within [-6, 6]. */
  readonly normal: () => number;
  /** From 0 to below - 1. */
  readonly integer: (below: number) => number;
  /** The numbers 0 to count - 1 in random order. */
  readonly permutation: (count: number) => number[];
}

/**
 * Starts a stream: a Weyl sequence through a 32-bit mixer (Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", 2014; multipliers of the MurmurHash3 finalizer). Integer arithmetic alone, hence portable.
 */
export function random(seed: number): Random {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
  // The sum of twelve uniform numbers has variance 1; no logarithm, whose last bit differs between machines.
  const normal = (): number => Array.from({ length: 12 }, uniform).reduce((sum, item) => sum + item, -6);
  const integer = (below: number): number => Math.floor(uniform() * below);
  const permutation = (count: number): number[] => {
    const left = Array.from({ length: count }, (_, index) => index);
    return Array.from({ length: count }, () => left.splice(integer(left.length), 1)).flat();
  };
  return { seed, uniform, normal, integer, permutation };
}

/** Numbers added up in plain float64 before the sum joins the compensated pair. */
const BLOCK = 32;

/*
 * A sum is kept as a pair [sum, what rounding lost so far]. Within a block eight accumulators lose at most a few units
 * in the last place; between blocks Neumaier's summation loses none, so that 250,000 classes are as good as 32. Blocks are
 * counted from the row's first class: a row's bits do not depend on where it lies or how it is cut into chunks.
 */

/** Adds `count` numbers from values[at] on to the pair. `at` must be the start of a block. */
export function addBlocks(pair: Float64Array, values: Float64Array, at: number, count: number): void {
  let sum = pair[0];
  let lost = pair[1];
  for (let start = 0; start < count; start += BLOCK) {
    const block = sumOfBlock(values, at + start, Math.min(BLOCK, count - start));
    const next = sum + block;
    lost += sum >= block ? sum - next + block : block - next + sum;
    sum = next;
  }
  pair[0] = sum;
  pair[1] = lost;
}

/** The sum of at most 32 numbers: eight accumulators of four, added pairwise, so that six roundings meet at most. */
export function sumOfBlock(values: Float64Array, at: number, count: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let e = 0;
  let f = 0;
  let g = 0;
  let h = 0;
  let j = at;
  for (const end = at + count - 7; j < end; j += 8) {
    a += values[j];
    b += values[j + 1];
    c += values[j + 2];
    d += values[j + 3];
    e += values[j + 4];
    f += values[j + 5];
    g += values[j + 6];
    h += values[j + 7];
  }
  if (j < at + count - 3) {
    a += values[j];
    b += values[j + 1];
    c += values[j + 2];
    d += values[j + 3];
    j += 4;
  }
  for (const end = at + count; j < end; j++) e += values[j];
  return a + b + (c + d) + (e + f + (g + h));
}

/**
 * Adds sum_c w_c (top - z_c), the mean distance below the largest logit times the mass: no term is negative. A class
 * without mass adds nothing even where its logit is -Infinity.
 */
export function addGaps(
  pair: Float64Array,
  w: Float64Array,
  wAt: number,
  z: Float64Array,
  zAt: number,
  count: number,
  top: number,
): void {
  let sum = pair[0];
  let lost = pair[1];
  for (let start = 0; start < count; start += BLOCK) {
    const block = gapsOfBlock(w, wAt + start, z, zAt + start, Math.min(BLOCK, count - start), top);
    const next = sum + block;
    lost += sum >= block ? sum - next + block : block - next + sum;
    sum = next;
  }
  pair[0] = sum;
  pair[1] = lost;
}

function gapsOfBlock(w: Float64Array, wAt: number, z: Float64Array, zAt: number, count: number, top: number): number {
  const toW = wAt - zAt;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let j = zAt;
  for (const end = zAt + count - 3; j < end; j += 4) {
    a += w[j + toW] * (top - z[j]);
    b += w[j + 1 + toW] * (top - z[j + 1]);
    c += w[j + 2 + toW] * (top - z[j + 2]);
    d += w[j + 3 + toW] * (top - z[j + 3]);
  }
  for (const end = zAt + count; j < end; j++) a += w[j + toW] * (top - z[j]);
  const sum = a + b + (c + d);
  // 0 times Infinity. A test of every weight would take as long again as the sum.
  return sum === sum ? sum : gapsOfMass(w, wAt, z, zAt, count, top);
}

/** The same over the classes that have mass, for blocks with a -Infinity logit. */
function gapsOfMass(w: Float64Array, wAt: number, z: Float64Array, zAt: number, count: number, top: number): number {
  let sum = 0;
  for (let j = 0; j < count; j++) if (w[wAt + j] !== 0) sum += w[wAt + j] * (top - z[zAt + j]);
  return sum;
}

/** The value of a pair. The lost part of an infinite sum is not a number. */
export function pairValue(pair: Float64Array): number {
  return Number.isFinite(pair[0]) ? pair[0] + pair[1] : pair[0];
}

/** Makes the pair zero. */
export function clearPair(pair: Float64Array): void {
  pair[0] = 0;
  pair[1] = 0;
}

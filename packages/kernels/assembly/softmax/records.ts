// What is known of each row of a tile: one record a row, which passes fill and the rules of src/softmax/simd/ read, and the
// other way round. `row-records.ts` there has the same fields.

export const RECORD: usize = 192;

// Whether there is a largest logit: 0, or NaN where the row has one, -Infinity before one is found.
export const SCORE: usize = 0;
// That class: its logit as it lies in memory, what rounding took from it, and its index.
export const TOP: usize = 8;
export const TOP_LOW: usize = 16;
export const TOP_CLASS: usize = 24;
// What the plan adds to it.
export const TOP_OFFSET: usize = 32;
// e_c = exp(z_c - base) 2^-shift, and the class that is left out of the sum.
export const BASE: usize = 40;
export const SHIFT: usize = 48;
export const APART: usize = 56;
// e of that class, and the sum of the others with what rounding took from it.
export const OWN: usize = 64;
export const REST: usize = 72;
// sum u_c (z_top - z_c) and sum u_c: pairs too.
export const GAPS: usize = 88;
export const MASS: usize = 104;
// The gradient is factor e_j - pull u_j; share is what target steps add.
export const FACTOR: usize = 120;
export const PULL: usize = 128;
export const SHARE: usize = 136;
// Of rows of modulated surprisals: the scale of the gradient, and the sum of all slopes less the pull of the partition.
export const SCALE: usize = 168;
export const SUM: usize = 176;

// Neumaier's summation: nothing is lost however many blocks there are.
export function addTo(at: usize, term: f64): void {
  const sum = load<f64>(at);
  const next = sum + term;
  const lost = abs(sum) >= abs(term) ? sum - next + term : term - next + sum;
  store<f64>(at, load<f64>(at, 8) + lost, 8);
  store<f64>(at, next);
}

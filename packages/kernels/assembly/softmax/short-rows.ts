// What rows of few classes share. They go through several at a time: transposed, a lane for each row, so that no lane is
// idle and logarithms and divisions serve more than one. With m the largest logit, u = d [c = y] + b v, |u| = d + b |v|:
//
//     loss = d (m - z_y) + b sum_c v_c (m - z_c) + |u| log1p(rest / e_m),   rest the sum of all e_c without e_m
//     gradient_c = G |u| e_c / total - G u_c,   G the factor of the gradient
//
// No term of the loss is negative, and the largest logit costs a short row little: there is one way for all rows.

// The rows at hand, transposed: logits, then exponentials, 16 bytes a class.
export const LANES: usize = memory.data(256 * 16, 16);

// What goes with the rows of a tile: 1 for each that counts (no array: all do), d, b and where the losses go.
export let keep: usize = 0;
export let masses: usize = 0;
export let losses: usize = 0;
export let spreads: usize = 0;
export let scale: f64 = 0;
// v of the classes (0: nothing is spread) and its mass.
export let vector: usize = 0;
export let vectorMass: f64 = 0;

export function setTile(
  newKeep: usize,
  newMasses: usize,
  newLosses: usize,
  newSpreads: usize,
  newScale: f64,
  newVector: usize,
  newVectorMass: f64,
): void {
  keep = newKeep;
  masses = newMasses;
  losses = newLosses;
  spreads = newSpreads;
  scale = newScale;
  vector = newVector;
  vectorMass = newVectorMass;
}

// No mass, no loss, not even where the cost is infinite.
export function times(mass: v128, cost: v128): v128 {
  return v128.andnot(f64x2.mul(mass, cost), f64x2.eq(mass, f64x2.splat(0)));
}

// The part of the loss of two rows that is spread: b of them, their log1p(rest / e_m) and sum_c v_c (m - z_c).
export function lossOfSpread(spread: v128, cost: v128, gaps: v128): v128 {
  return times(spread, f64x2.add(gaps, f64x2.mul(f64x2.splat(vectorMass), cost)));
}

// The gradient at two labels, times the totals: (|u| e_y - u_y total) without the difference that |u| - u_y does not have.
export function ofLabels(pull: v128, pullOfVector: v128, v: v128, others: v128, own: v128): v128 {
  const ofOthers = f64x2.mul(pullOfVector, f64x2.sub(f64x2.splat(vectorMass), v));
  return f64x2.sub(f64x2.mul(ofOthers, own), f64x2.mul(f64x2.add(pull, f64x2.mul(pullOfVector, v)), others));
}

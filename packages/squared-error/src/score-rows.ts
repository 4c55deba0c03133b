import type { RuleTile } from '@surprisal/core';
import { exp } from '@surprisal/kernels/scalar';

/** The Brier score of the rows of a tile, and its gradient. */
export function scoreRows(tile: RuleTile): void {
  const { rows, width, losses, gradient } = tile;
  const row = { p: new Float64Array(width), complements: new Float64Array(width), errors: new Float64Array(width) };
  for (let r = 0; r < rows; r++) {
    const top = predict(tile, r * width, row);
    losses[r] = score(tile, r * width, row);
    if (gradient) writeGradient(row, top, gradient.subarray(r * width, (r + 1) * width));
  }
}

interface ScoredRow {
  readonly p: Float64Array;
  /** 1 - p, not computed from p where p is near 1. */
  readonly complements: Float64Array;
  /** e = p - t. */
  readonly errors: Float64Array;
}

/** Writes p and 1 - p; returns the class of the largest logit, the only one whose p may be over one half. */
function predict({ width, logits }: RuleTile, at: number, { p, complements }: ScoredRow): number {
  let top = 0;
  for (let c = 1; c < width; c++) if ((logits[at + c] ?? 0) > (logits[at + top] ?? 0)) top = c;
  let rest = 0;
  for (let c = 0; c < width; c++) {
    const power = c === top ? 1 : exp((logits[at + c] ?? 0) - (logits[at + top] ?? 0));
    p[c] = power;
    if (c !== top) rest += power;
  }
  const total = 1 + rest;
  for (let c = 0; c < width; c++) {
    p[c] = (p[c] ?? 0) / total;
    complements[c] = c === top ? rest / total : 1 - (p[c] ?? 0);
  }
  return top;
}

/** Writes e, and returns the sum of its squares. */
function score({ width, targets }: RuleTile, at: number, { p, complements, errors }: ScoredRow): number {
  let sum = 0;
  for (let c = 0; c < width; c++) {
    const target = targets[at + c] ?? 0;
    const error = target === 1 ? -(complements[c] ?? 0) : (p[c] ?? 0) - target;
    errors[c] = error;
    sum += error * error;
  }
  return sum;
}

/**
 * 2 p_j (e_j (1 - p_j) - the sum of p_c e_c over the others): e_j and the whole sum are nearly the same where a row is
 * predicted well, and would cancel.
 */
function writeGradient({ p, complements, errors }: ScoredRow, top: number, gradient: Float64Array): void {
  let sumWithoutTop = 0;
  for (let c = 0; c < p.length; c++) if (c !== top) sumWithoutTop += (p[c] ?? 0) * (errors[c] ?? 0);
  const ofTop = (p[top] ?? 0) * (errors[top] ?? 0);
  for (let j = 0; j < p.length; j++) {
    const own = errors[j] ?? 0;
    const probability = p[j] ?? 0;
    const others = j === top ? sumWithoutTop : sumWithoutTop - probability * own + ofTop;
    gradient[j] = 2 * probability * (own * (complements[j] ?? 0) - others);
  }
}

import type { InputKind, Weights } from '@surprisal/core';

/** A distribution: numbers along one axis, as a typed array, an array, or a tensor of shape [n]. */
export type Distribution = Weights;

/** A table of two axes, rows by columns: nested rows, a tensor of shape [rows, columns], or a bare array with `columns`. */
export type JointDistribution = Weights;

/** What every measure takes. */
export interface BaseOptions {
  /** Base of the logarithm, above 1: 2 for bits, 10 for hartleys; natural by default. */
  readonly base?: number;
}

/** What masses need not be. */
export interface MassOptions extends BaseOptions {
  /** Divide the masses by their sum first, whatever it is (counts); otherwise they must sum to one within 1e-6. */
  readonly normalize?: boolean;
}

/** Options of the measures of one distribution. */
export interface DistributionOptions extends MassOptions {
  /** What p holds; `probabilities` by default. Logits go through a softmax, without losing digits to it. */
  readonly input?: InputKind;
  /** Take the formula as it stands over masses that do not sum to one. */
  readonly unnormalized?: boolean;
}

/** Options of the measures of two distributions. */
export interface PairOptions extends MassOptions {
  /** What p and q hold, both or each; `probabilities` by default. */
  readonly input?: InputKind | { readonly p?: InputKind; readonly q?: InputKind };
  /** Take the formula as it stands over masses that do not sum to one. */
  readonly unnormalized?: boolean;
}

/** Options of the measures of a table. */
export interface JointOptions extends MassOptions {
  /** Numbers per row of an array without a shape. */
  readonly columns?: number;
}

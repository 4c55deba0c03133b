/**
 * The plan of a loss: one ordered list of steps, each plain data with a `kind`. The outermost wrapper's step stands
 * first and acts first, on targets and on logits.
 *
 * For one row with C outcomes let z be the logits, l = log-probabilities, p = exp(l), u the target measure and lse the
 * log-partition log(sum_c exp(z_c)). A plan computes
 *
 *     loss = sum_c u_c psi_c(l_c) + t(lse)
 *
 * where target steps make u, logit steps make z, one surprisal step (or none: cross-entropy) makes psi, and partition
 * steps make t.
 */
import type { JsonObject } from './json.js';

/** Target step u'_c = weights_c u_c. */
export interface ScaleStep {
  readonly kind: 'scale';
  /** `outcome`: a weight per class, for the sigmoid link [w0, w1]. `label`: a weight per label of a multi-label row, on its positive outcome only. */
  readonly by: 'outcome' | 'label';
  readonly weights: readonly number[];
  /** Whether the denominator `weight` of a mean counts these weights (class weights: yes, positive weight: no). */
  readonly counted: boolean;
}

/** Target step u' = (1 - smoothing) u + smoothing |u| D, which keeps the mass |u|. */
export interface MixStep {
  readonly kind: 'mix';
  /** In [0, 1]. */
  readonly smoothing: number;
  /** `all`: D spreads over every class that the plan's class mask leaves. `others`: over the wrong classes only, which is `all` at smoothing C / (C - 1). */
  readonly spread: 'all' | 'others';
  /** D itself, a distribution over the outcomes; uniform when absent. Goes with spread `all`. */
  readonly towards?: readonly number[];
}

/** Logit step z'_c = scale z_c + offsets_c. */
export interface AffineStep {
  readonly kind: 'affine';
  /** Finite and greater than 0. */
  readonly scale: number;
  /** Per outcome; 0 when absent. For the sigmoid link, whose logits are (0, z), [o0, o1] adds o1 - o0. */
  readonly offsets?: readonly number[];
}

/** Logit step z' = cap tanh(z / cap). */
export interface SoftcapStep {
  readonly kind: 'softcap';
  /** Greater than 0. */
  readonly cap: number;
}

/** Logit step z'_c = z_c where allowed_c, else -Infinity. Softmax link only. */
export interface ClassMaskStep {
  readonly kind: 'classMask';
  readonly allowed: readonly boolean[];
}

/** Logit step z'_y = z_y - margins_y at the label y as given. Index targets only. */
export interface MarginStep {
  readonly kind: 'margin';
  readonly margins: readonly number[];
}

/**
 * One term of a surprisal: c (1 - p)^a T_q(l) with T_q(l) = -expm1(q l) / q and T_0(l) = -l. With a shift m, the same of
 * r = min(p + m, 1) and log r in place of p and l: nothing from p = 1 - m on, and no more than at r = m however small p is.
 */
export interface SurprisalTerm {
  /** c: any finite number. */
  readonly coefficient: number;
  /** a: the modulating power, at least 0. */
  readonly power: number;
  /** q: the order, at least 0. */
  readonly order: number;
  /** m: in [0, 1]; 0 when absent. Sigmoid link only. From p = 1 - m on the derivative is 0, at the kink itself too. */
  readonly shift?: number;
}

/** The surprisal psi: a sum of terms. Cross-entropy is the one term { 1, 0, 0 }. A plan has at most one. */
export interface SurprisalStep {
  readonly kind: 'surprisal';
  readonly terms: readonly SurprisalTerm[];
  /** Sigmoid link only: the terms of the negative outcome, where they differ. */
  readonly negativeTerms?: readonly SurprisalTerm[];
}

/** Adds strength lse(z)^2, scaled by the sample weight only (not by |u|). */
export interface PartitionStep {
  readonly kind: 'partition';
  readonly strength: number;
}

/** What the other kinds cannot say: a function over a tile of log-probabilities, addressed by the name of its plugin. */
export interface CustomStep {
  readonly kind: 'custom';
  /** The registered name of the plugin whose `custom` function computes this step. */
  readonly plugin: string;
  readonly parameters: JsonObject;
  /** Whether the function stands in place of the surprisal (true), or adds to it (false). */
  readonly replaces: boolean;
}

export type TargetStep = ScaleStep | MixStep;
export type LogitStep = AffineStep | SoftcapStep | ClassMaskStep | MarginStep;
export type Step = TargetStep | LogitStep | SurprisalStep | PartitionStep | CustomStep;

/** Outermost step first. */
export type Plan = readonly Step[];

/** Rows of log-probabilities with their target masses, for a `custom` step. Everything is packed row by row. */
export interface CustomTile {
  readonly rows: number;
  /** Classes of a softmax row; 2 for the sigmoid link: [negative, positive]. */
  readonly outcomes: number;
  /** l, rows x outcomes; -Infinity where a class is masked. */
  readonly logProbabilities: Float64Array;
  /** p = exp(l), rows x outcomes. */
  readonly probabilities: Float64Array;
  /** 1 - p without cancellation, rows x outcomes. */
  readonly complements: Float64Array;
  /** u after all target steps, sample weights included, rows x outcomes. */
  readonly masses: Float64Array;
  /** Sample weight of each row. */
  readonly weights: Float64Array;
  /** The function adds each row's cost here. */
  readonly losses: Float64Array;
  /** The function adds d cost / d l_c here, rows x outcomes. */
  readonly slopes: Float64Array;
}

/** The functions that engines themselves compute with: to a unit or so, and of the same bits on every machine, which those of `Math` need not be. */
export interface ElementaryFunctions {
  readonly exp: (x: number) => number;
  readonly expm1: (x: number) => number;
  readonly log: (x: number) => number;
  readonly log1p: (x: number) => number;
  /** base^exponent for a base of at least 0; base^0 is 1. */
  readonly pow: (base: number, exponent: number) => number;
  readonly tanh: (x: number) => number;
}

/** Adds a custom step's cost and its derivative to the tile. Must not keep the arrays, which are used again. */
export type CustomRule = (tile: CustomTile, parameters: JsonObject, functions: ElementaryFunctions) => void;

/** A case of the format, read and checked. */
import type { MeasureName } from './measure.js';
import type { Values } from './read-json.js';

export type Precision = 'float32' | 'float64';
export type InputKind = 'logits' | 'probabilities' | 'logProbabilities';
export type TargetKind = 'indices' | 'probabilities';
export type Reduction = 'none' | 'sum' | 'mean';
export type MeanDenominator = 'count' | 'weightSum' | 'nonzeroWeightCount' | 'countIncludingIgnored';

export interface CaseOptions {
  readonly classWeights?: Float64Array | undefined;
  readonly positiveWeights?: Values | undefined;
  readonly sampleWeights?: Values | undefined;
  readonly ignoreIndex?: readonly number[] | undefined;
  readonly labelSmoothing: number;
  readonly focalGamma?: number | undefined;
  readonly focalAlpha?: number | undefined;
  readonly polyEpsilon?: number | undefined;
  readonly reduction: Reduction;
  readonly meanDenominator: MeanDenominator;
}

/** Some elements of a gradient too large to be written out. */
export interface GradientSamples {
  readonly indices: readonly number[];
  readonly values: Float64Array;
}

/** What a case says the results are; a scalar has dims []. */
export interface Reference {
  readonly loss: Values;
  /** Of the reduced loss with respect to the inputs; of the sum for reduction none. */
  readonly gradient?: Values | undefined;
  readonly gradientSamples?: GradientSamples | undefined;
  readonly gradientAbsSum?: number | undefined;
}

/** Allowed error: absolute + relative |expected|. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
  /** Whether the case states this tolerance in units in the last place too, so that counting them says something. */
  readonly inUlps: boolean;
}

/** One case of a loss. */
export interface LossCase {
  readonly id: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly loss: 'binary' | 'categorical';
  readonly precision: Precision;
  readonly inputs: Values & { readonly kind: InputKind };
  /** The inputs divided by their row sums, for a reference that does so before it begins. */
  readonly inputsNormalized?: Values | undefined;
  /** Class axis of a categorical case; undefined for binary. */
  readonly classAxis?: number | undefined;
  readonly targets: Values & { readonly kind: TargetKind };
  readonly options: CaseOptions;
  readonly expected: Reference;
  /** The mathematical values, where the case has them; of the numbers as they are written. */
  readonly exact?: Reference | undefined;
  /** Whether `expected` is what the mathematics says, within the tolerance. */
  readonly matchesExactMath: boolean;
  /** Whether the reference averages the last axis before it reduces. */
  readonly rowMeans: boolean;
  readonly tolerances: { readonly loss: Tolerance; readonly gradient: Tolerance };
  /** Whether a library may refuse the case or define it otherwise. */
  readonly policy: boolean;
}

/** Numbers of a distribution, of several rows, or of a table. */
export type MeasureInput = Values & { readonly kind: InputKind };

/** A case of an information measure. */
export interface MeasureCase {
  readonly id: string;
  readonly measure: MeasureName;
  readonly precision: Precision;
  /** The only distribution or table, or the prediction q. */
  readonly inputs: MeasureInput;
  /** The truth p. */
  readonly targets?: MeasureInput | undefined;
  readonly classAxis: number;
  /** Absent: natural. */
  readonly base?: number | undefined;
  /** Whether a divergence adds q - p. */
  readonly generalized: boolean;
  readonly sampleWeights?: Float64Array | undefined;
  readonly reduction: Reduction;
  readonly expected: Reference;
  readonly exact?: Reference | undefined;
  readonly matchesExactMath: boolean;
  readonly tolerance: Tolerance;
  readonly policy: boolean;
}

/** Balanced weights from labels. */
export interface WeightsCase {
  readonly id: string;
  readonly loss: 'classWeights' | 'sampleWeights';
  readonly labels: readonly number[];
  /** Labels in the order of the weights; they need not be 0, 1, 2. */
  readonly classes: readonly number[];
  readonly expected: Float64Array;
  readonly tolerance: Tolerance;
  readonly policy: boolean;
}

/**
 * The engine interface: what core asks of the arithmetic of a link, and all it knows of it. Core reads and checks a
 * call, resolves the plan, and hands an engine tiles of rows; the engine runs its passes (statistics, rule, gradient)
 * and returns each row's loss. Core then totals, reduces and reports.
 */
import type { NumberSink, NumberSource } from './number-source.js';
import type { CustomRule, LogitStep, SurprisalTerm, TargetStep } from './plan.js';
import type { JsonObject } from './json.js';

/** How logits become log-probabilities: softmax over classes, or sigmoid of the two outcomes (0, z). `none`: a tile rule. */
export type LinkName = 'softmax' | 'sigmoid' | 'none';

/** What the first argument of a call holds. */
export type InputKind = 'logits' | 'probabilities' | 'log-probabilities';

/**
 * Element (row r, class c) lies at floor(r / inner) * classes * inner + c * inner + r % inner. With the class axis
 * last, inner is 1 and rows are packed; in PyTorch's layout [N, C, ...] inner is the product of the dimensions after C.
 * For the sigmoid link `classes` counts the labels of a row.
 */
export interface RowLayout {
  readonly rows: number;
  readonly classes: number;
  readonly inner: number;
}

/**
 * The target steps of a plan applied to hard labels of the softmax link: u = d [c = y] + b vector_c, with
 * d = direct * directWeights_y and b = spread * spreadWeights_y (a missing weight vector counts as ones).
 */
export interface LabelMeasure {
  readonly direct: number;
  readonly directWeights?: Float64Array;
  readonly spread: number;
  readonly spreadWeights?: Float64Array;
  /** W over the classes; absent when no mass is spread. */
  readonly vector?: Float64Array;
}

/**
 * The target steps of a plan for the sigmoid link, linear in the two masses (1 - y, y) of the target:
 * u1 = positiveFromNegative (1 - y) + positiveFromPositive y, and u0 likewise. One entry, or one per label of a row.
 */
export interface OutcomeMeasure {
  readonly positiveFromPositive: Float64Array;
  readonly positiveFromNegative: Float64Array;
  readonly negativeFromPositive: Float64Array;
  readonly negativeFromNegative: Float64Array;
}

/** A custom step with the function its plugin gave. */
export interface ResolvedCustom {
  readonly rule: CustomRule;
  readonly parameters: JsonObject;
}

/** A plan for one class count, as the engines read it. */
export interface ResolvedPlan {
  /** Softmax: the hard-label form, where the target steps have one; absent, an engine builds dense rows from `targetSteps`. */
  readonly labelMeasure?: LabelMeasure;
  /** Sigmoid: the target steps as one matrix. */
  readonly outcomeMeasure?: OutcomeMeasure;
  /** Target steps, first to act first; every `towards` is filled in, every `spread` is `all`. For dense rows. */
  readonly targetSteps: readonly TargetStep[];
  /** Logit steps, first to act first. */
  readonly logitSteps: readonly LogitStep[];
  /** The surprisal; exactly one term { 1, 0, 0 } is cross-entropy; empty where a custom step replaces it. */
  readonly terms: readonly SurprisalTerm[];
  /** Sigmoid link: the terms of the negative outcome; the same list as `terms` unless the plan says otherwise. */
  readonly negativeTerms: readonly SurprisalTerm[];
  /** Whether `terms` and `negativeTerms` are plain cross-entropy. */
  readonly crossEntropy: boolean;
  /** Sum of the strengths of all partition steps: t(lse) = partition lse^2. */
  readonly partition: number;
  readonly customs: readonly ResolvedCustom[];
}

/** One call, as an engine sees it. */
export interface Problem {
  readonly input: InputKind;
  readonly layout: RowLayout;
  readonly logits: NumberSource;
  readonly plan: ResolvedPlan;
  /** Softmax with probability targets: the target rows, in the layout of the logits, checked. Absent: hard labels come with each tile. */
  readonly targets?: NumberSource;
  /**
   * The targets of all rows or elements in an array of integers, where none is ignored: each is a class index (softmax), 0
   * or 1 (sigmoid). A session that reads them says so.
   */
  readonly hardTargets?: IntegerNumbers;
  /** Where the gradient goes; absent: value only. */
  readonly gradient?: NumberSink;
  /** Factor of the gradient: 1 / denominator for a mean. Losses are not scaled. */
  readonly gradientScale: number;
  /** Let NaN and +Infinity in the logits through as NaN losses and gradients, instead of reporting a fault. */
  readonly propagate: boolean;
  /** Probability inputs need not sum to one. */
  readonly unnormalized: boolean;
  /** Probabilities are raised to at least this before the logarithm; 0: no clip. A clipped probability has gradient 0. */
  readonly clip: number;
  /** Nobody asks for the losses one by one: a session may sum up those of a tile, and says so in `summed`. */
  readonly sumsOnly?: boolean;
  /**
   * Memory that earlier calls of the same loss gave back. An engine may take blocks from it and put them back, so that small
   * calls need not allocate; nothing else uses it while a session runs.
   */
  readonly scratch: Float64Array[];
}

/**
 * Rows `first` to `first + count - 1` of a call: rows of classes for the softmax link and tile rules, single elements
 * (in the flat order of the logits) for the sigmoid link. Buffers have room for `count` entries or more.
 */
export interface Tile {
  first: number;
  count: number;
  /** Softmax with hard labels: y of each row. */
  readonly labels: Int32Array;
  /** Sigmoid: y of each element, in [0, 1]. */
  readonly targets: Float64Array;
  /** 1: counts, 0: ignored (the engine reads nothing of it and writes gradient 0 and loss 0). */
  readonly keep: Uint8Array;
  /** s of each row or element: sample weight times label weight. */
  readonly weights: Float64Array;
  /** Every row or element of the call counts with weight 1: `keep` and `weights` are ones. */
  uniform: boolean;
  /** Out: s-weighted loss of each row or element, in float64, not divided by any denominator. */
  readonly losses: Float64Array;
  /**
   * Out: 0, or how many numbers `losses` begins with whose sum is that of all losses of the tile, exactly: no rounding error,
   * however small. Core sets it to 0 before each run, and adds these numbers instead of the losses where it is more.
   */
  summed: number;
}

/** What an engine found wrong in a tile. */
export interface Fault {
  /**
   * `number`: NaN among the logits or log-probabilities, or +Infinity where the link has no meaning for it (softmax
   * logits, log-probabilities; the sigmoid link takes both infinities); `masked`: every class of the row is -Infinity; `range`: a probability outside [0, 1]; `sum`: a row of probabilities
   * does not sum to one.
   */
  readonly kind: 'number' | 'masked' | 'range' | 'sum';
  /** Flat position in the logits (of the row's first class for `masked` and `sum`). */
  readonly position: number;
  /** The offending number; for `sum` the sum. */
  readonly value: number;
}

/** Arrays of 32 bits or less an integer, in which 0 and 1 differ in the lowest bit. */
export type IntegerNumbers =
  Int8Array | Uint8Array | Uint8ClampedArray | Int16Array | Uint16Array | Int32Array | Uint32Array;

/** One call in progress: owns its scratch memory, whose size does not depend on the number of rows. */
export interface Session {
  /** The engine that computes, where one has handed the call to another; absent: the one that was opened. */
  readonly engine?: string;
  /** The most rows (softmax) or elements (sigmoid) that one tile may hold; at least 1. */
  readonly capacity: number;
  /** Reads `hardTargets` of the problem itself: the targets of a tile need not be filled in. */
  readonly readsTargets?: boolean;
  /** Computes one tile. Returns a fault, or undefined when all went well. */
  readonly run: (tile: Tile) => Fault | undefined;
}

/** One implementation of a link's arithmetic. */
export interface Engine {
  /** `typescript`, `wasm-simd`, `wasm-relaxed-simd`. */
  readonly name: string;
  /** Whether this runtime can run it; absent: any can. Asked when the engine may be chosen, not on import. */
  readonly available?: () => boolean;
  readonly open: (problem: Problem) => Session;
}

/** What a call asks of each row beside its loss and gradient. */
export interface DetailRequest {
  /** The most probable class. */
  readonly predictions: boolean;
  /** The probability of that class. */
  readonly confidences: boolean;
  /** Softmax with probability targets: the class that the target names. */
  readonly truths: boolean;
  /** The smallest loss that any prediction could have, and what the loss is above it; cross-entropy only. */
  readonly floors: boolean;
  /** Where the probabilities go, in the layout of the logits; 0 where ignored. */
  readonly probabilities?: NumberSink;
  /** Where the second derivatives by each logit go, times `gradientScale`; of surprisals and partition terms of logits. */
  readonly hessianDiagonal?: NumberSink;
}

/** Details of the rows of a tile; entries that were not asked for keep what they hold. Buffers have room for `count` entries or more. */
export interface DetailTile {
  /** The first of the most probable classes (sigmoid: 1 where z > 0, else 0); -1 of an ignored row, and of one with NaN. */
  readonly predicted: Int32Array;
  /** The probability of that class; NaN where there is none. */
  readonly confidences: Float64Array;
  /** The first of the largest classes of the target as given. */
  readonly truths: Int32Array;
  /** |u| H(u / |u|), the sample weight included. */
  readonly floors: Float64Array;
  /** Loss less floor, |u| KL(u / |u| || p), which is not computed as a difference. */
  readonly excesses: Float64Array;
}

/** Details of one call in progress. */
export interface DetailSession {
  /** The most rows (softmax) or elements (sigmoid) that one tile may hold; at least 1. */
  readonly capacity: number;
  /** Computes the details of a tile in which the engine found no fault. */
  readonly run: (tile: Tile, details: DetailTile) => void;
}

/** What computes details, beside whichever engine computes losses: the same bits with every engine. */
export interface DetailEngine {
  readonly name: string;
  readonly open: (problem: Problem, request: DetailRequest) => DetailSession;
}

/** A link and the engines that compute it, best first. */
export interface Link<Name extends LinkName = LinkName> {
  readonly version: 1;
  readonly name: Name;
  readonly engines: readonly Engine[];
  /** Absent: calls that ask for details are refused. */
  readonly details?: DetailEngine;
}

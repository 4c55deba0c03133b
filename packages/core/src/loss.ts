/** The contract of a loss: structural and versioned, so that two installed copies of core work together. */
import type { Link, InputKind, LinkName } from './engine.js';
import type { Denominator, Evaluation, Reduction, WhenEmpty } from './evaluation.js';
import type { ExtraOptions } from './extras/extra-options.js';
import type { JsonObject } from './json.js';
import type { CustomRule, Plan } from './plan.js';
import type { TileRule } from './tile-rule.js';

/**
 * A 16-bit float array, named structurally: not every TypeScript library knows `Float16Array`, and an unknown name
 * would become `any` for its users.
 */
export interface Float16ArrayLike extends ArrayLike<number> {
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly [Symbol.toStringTag]: 'Float16Array';
}

/** Floating-point arrays as they come without a shape. */
export type FloatArray = Float32Array | Float64Array | Float16ArrayLike;

/** Nested rows of numbers, each level of one length. */
export type Nested = readonly number[] | readonly Nested[];

/**
 * An object with numbers and a shape: tensors of onnxruntime and transformers.js as they are. `data` is checked at run
 * time; a tensor whose `data` is a method is answered with the fix.
 */
export interface TensorLike {
  readonly data: ArrayLike<unknown>;
  /** Lengths of the axes, slowest first; `dims` is read before `shape`. */
  readonly dims?: readonly number[];
  readonly shape?: readonly number[];
  /** The element type as the tensor names it; `float16` marks a Uint16Array of binary16 bits. */
  readonly type?: string;
  readonly dtype?: string;
  /** Where present, must be those of a packed array. */
  readonly strides?: readonly number[];
  /** Where present, must be 0. */
  readonly offset?: number;
}

/** Logits (or probabilities, as the option `input` says): nested arrays, a tensor, or a bare array. */
export type Logits = Nested | TensorLike | FloatArray;

/** Any integer array. */
export type IntegerArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Class indices shaped like the logits without the class axis, or probabilities shaped like the logits. */
export type Targets = number | Nested | TensorLike | FloatArray | IntegerArray;

/** Weights: finite and not negative. */
export type Weights = Nested | TensorLike | FloatArray | IntegerArray;

/** 1 or true keeps, 0 or false leaves out. */
export type Mask = readonly boolean[] | Nested | TensorLike | IntegerArray;

/** Where results go that the caller wants to own. */
export type OutputBuffer = Float32Array | Float64Array | Uint16Array | Float16ArrayLike;

/** Options of every call, with the same names everywhere. */
export interface CallOptions extends ExtraOptions {
  /** The class axis (binary: the label axis), negative from the end; the last by default. PyTorch's layout is 1. */
  readonly axis?: number;
  /** Class count of logits without a shape. */
  readonly classes?: number;
  /** Binary: labels per row of logits without a shape; 1 by default. */
  readonly labels?: number;
  /** What the first argument holds; `logits` by default. */
  readonly input?: InputKind;
  /** s >= 0 per row (binary: then for each of its elements) or per element; counted by the denominator `weight`. */
  readonly sampleWeights?: Weights;
  /** Binary: a weight per label; counted. */
  readonly labelWeights?: readonly number[] | Float32Array | Float64Array;
  /** Labels that leave their row out; index targets only. */
  readonly ignoreIndex?: number | readonly number[];
  /** Rows (binary: or elements) to keep. */
  readonly mask?: Mask;
  /** What `value` and the gradient mean; `mean` by default. */
  readonly reduction?: Reduction;
  /** What a mean divides by; `weight` by default. */
  readonly denominator?: Denominator;
  /** What a mean over nothing is; `nan` by default. */
  readonly whenEmpty?: WhenEmpty;
  /** NaN and out-of-domain logits: refuse with position (default), or let NaN through. */
  readonly invalid?: 'throw' | 'propagate';
  /** Rows of probabilities (targets or input) need not sum to one. */
  readonly unnormalized?: boolean;
  /** With `input: 'probabilities'`: probabilities below this count as this, in [0, 0.5]; 0 by default, which hides nothing. */
  readonly clip?: number;
  /** `true` for a new array, or a buffer of the caller's: d value / d logits, flat, in the logits' layout. */
  readonly gradient?: boolean | OutputBuffer;
  /** `true` for a new array, or a buffer of the caller's: each row's loss (binary: each element's), weights included, 0 where ignored. */
  readonly losses?: boolean | OutputBuffer;
  /** `wasm-relaxed-simd`, `wasm-simd` or `typescript`, instead of the first of them that the runtime can run. */
  readonly engine?: string;
}

/** The array of a gradient or of losses. */
export type OutputArray = Float32Array | Float64Array | Uint16Array | Float16ArrayLike;

/** The array type a call with these options and logits returns. */
export type GradientOf<Options, LogitsType> = Options extends { readonly gradient: infer Buffer extends OutputBuffer }
  ? Buffer
  : LogitsType extends FloatArray
    ? LogitsType
    : LogitsType extends { readonly data: infer Data }
      ? GradientOfData<Data>
      : Float64Array;

/** The array type for a tensor's data; any of them where the type of the tensor leaves it open. */
type GradientOfData<Data> = Data extends FloatArray
  ? Data
  : Data extends readonly unknown[]
    ? Float64Array
    : OutputArray;

/** Value and gradient of one call. */
export interface ValueAndGradient<Gradient extends OutputArray = OutputArray> {
  readonly value: number;
  readonly gradient: Gradient;
}

/** An evaluation with what else the call asked for; these belong to one call and are not merged. */
export interface CallEvaluation extends Evaluation {
  readonly gradient?: OutputArray;
  readonly losses?: OutputArray;
  readonly argmax?: Int32Array;
  readonly probabilities?: OutputArray;
  readonly hessianDiagonal?: OutputArray;
}

/** A loss: a declarative value with three verbs. */
export interface Loss<Name extends LinkName = LinkName> {
  readonly version: 1;
  /** Registered name of the plugin that made it. */
  readonly name: string;
  readonly link: Link<Name>;
  /** Outermost step first; absent for a loss outside the family, which has a `tileRule`. */
  readonly plan?: Plan;
  /** Functions of the plan's custom steps, by plugin name. */
  readonly customs?: Readonly<Record<string, CustomRule>>;
  /** The rule of a loss outside the family. */
  readonly tileRule?: TileRule;
  /** Class count stated when the loss was made; checked in every call. */
  readonly classes?: number;
  /** The mean (or sum) in nats. */
  readonly value: (logits: Logits, targets: Targets, options?: CallOptions) => number;
  /** The value and its exact gradient with respect to the logits. */
  readonly valueAndGradient: <const Options extends CallOptions = CallOptions, LogitsType extends Logits = Logits>(
    logits: LogitsType,
    targets: Targets,
    options?: Options,
  ) => ValueAndGradient<GradientOf<Options, LogitsType>>;
  /** Value, weight and counts, mergeable; gradient and per-row losses where asked for. */
  readonly evaluate: (logits: Logits, targets: Targets, options?: CallOptions) => CallEvaluation;
  /** What the registry's `fromJSON` reads. */
  readonly toJSON: () => LossJson;
}

/** A loss as JSON: its plugin's name, its options that differ from the defaults, and the loss it wraps. */
export interface LossJson extends JsonObject {
  readonly version: 1;
  readonly loss: string;
}

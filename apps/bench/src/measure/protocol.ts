/**
 * What the bench and a measuring process say to each other: plain data over Node's IPC channel, cloned as it is (`serialization:
 * 'advanced'`), so that NaN and infinities arrive. The bench sends one `Job`; the process answers with any number of `note` messages and then one `report` or `failure`, and ends. What is large travels
 * in files that a job names. Standard output and error of the process belong to whatever it loads.
 */
import type { ExtraOptions, LossJson } from '@surprisal/core';

/** Everything that one process is to measure: variants that take turns. */
export interface Job {
  readonly version: 1;
  /** Decides the order of variants in each block and the rows that are compared with exact results. */
  readonly seed: number;
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly variants: readonly VariantSpec[];
  readonly pace: Pace;
  /** `time` by default; `errors`: how errors are distributed by margin, and no times. */
  readonly purpose?: 'time' | 'errors';
  /** Where plugins come from: for each side the URLs of modules that export plugins or a registry. */
  readonly sides: Readonly<Record<string, readonly string[]>>;
  /** The folder in which peers are installed. */
  readonly peers: string;
}

/** How long to measure. */
export interface Pace {
  /** Rounds in which every variant is timed once. */
  readonly blocks: number;
  /** On a noisy machine up to so many, until medians are known to half a percent; no more than `blocks` where absent. */
  readonly mostBlocks?: number;
  /** A timed batch of calls takes this long at least: a clock's tick and a call's overhead vanish in it. */
  readonly batchMilliseconds: number;
  /** Warming up ends after this long, settled or not. */
  readonly warmUpMilliseconds: number;
}

/** A batch of logits and targets. */
export interface InputSpec {
  readonly rows: number;
  /** 1: single elements under a sigmoid. */
  readonly classes: number;
  readonly type: 'float32' | 'float64';
  readonly source: NormalSource | MarginSource | FileSource;
  /** Class indices (elements: 0 or 1), or rows of probabilities. */
  readonly targets: 'labels' | 'probabilities';
}

/** Normal logits, the same for the same seed. */
export interface NormalSource {
  readonly kind: 'normal';
  readonly seed: number;
  /** Standard deviation; the label's logit is `margin` above its own draw. */
  readonly spread: number;
  readonly margin?: number;
  /** Rows that no shortcut serves: a tenth of the classes at -Infinity, all logits near 10,000, or the label 60 below the rest. */
  readonly trouble?: 'masked' | 'huge' | 'far';
}

/** Normal logits, the label's set so that its margin over the largest of the others lies in a bucket, as many rows in each. */
export interface MarginSource {
  readonly kind: 'margins';
  readonly seed: number;
  readonly spread: number;
  /** Ascending; rows are dealt to the buckets between them in order. */
  readonly edges: readonly number[];
}

/** Packed numbers as the machine holds them: logits of the input's type, labels as int32. */
export interface FileSource {
  readonly kind: 'files';
  readonly logits: string;
  readonly labels: string;
}

/** What is computed: the value alone, or with its gradient. */
export type Operation = 'value' | 'value-and-gradient';

/** One way to compute something. */
export interface VariantSpec {
  /** Unique in the job: `anchor`, `ours/wasm-simd`, `onnxruntime`. */
  readonly id: string;
  /** The key of its input. */
  readonly input: string;
  readonly program: AnchorProgram | CopyProgram | OwnProgram | PeerProgram;
}

/** The frozen plain loop; copy 2 is compiled apart from copy 1, and tells how far equal programs seem to differ. */
export interface AnchorProgram {
  readonly kind: 'anchor';
  readonly copy: 1 | 2;
}

/** Reading the logits and writing the gradient, with no arithmetic: what no program beats. */
export interface CopyProgram {
  readonly kind: 'copy';
}

/** A loss of ours, or of a plugin. */
export interface OwnProgram {
  readonly kind: 'ours';
  readonly side: string;
  readonly loss: LossJson;
  readonly engine: string;
  readonly operation: Operation;
  /** Typed arrays of JavaScript's own, or memory that the kernels gave out. */
  readonly memory: 'ordinary' | 'kernel';
  /** What the call has besides: a weight for each row, or a label to leave out that no row has. */
  readonly extra?: 'sample-weights' | 'ignore-index';
  /** What the call asks for besides value and gradient; an empty list: each by name, and none of them. */
  readonly asks?: readonly AskedName[];
  /** Does so many times the work for the same result, to see whether a slowdown is found. */
  readonly slowed?: number;
}

/** What a call can ask for beside value, gradient and losses. */
export type AskedName = keyof ExtraOptions;

/** Cross-entropy by another library. */
export interface PeerProgram {
  readonly kind: 'peer';
  readonly peer: string;
  readonly operation: Operation;
}

/** What a process sends. */
export type Message =
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'report'; readonly report: ProcessReport }
  /** `wrong`: an output is; `broken`: the program threw. */
  | { readonly type: 'failure'; readonly kind: 'wrong' | 'broken'; readonly text: string };

/** What one process measured. */
export interface ProcessReport {
  readonly variants: readonly VariantReport[];
  /** Whether all variants' medians had settled within 1% before the blocks. */
  readonly settled: boolean;
}

/** What one process measured of one variant. */
export interface VariantReport {
  readonly id: string;
  /** Why it could not run here, with what to do about it; nothing else is known then. */
  readonly missing?: string;
  /** Logits of one call. */
  readonly elements: number;
  /** Nanoseconds of a call, block by block; null where it sat out, since it is slow. */
  readonly blocks: readonly (number | null)[];
  /** Loading its modules, and its first call. */
  readonly loadNanoseconds: number;
  readonly firstCallNanoseconds: number;
  /** Bytes that a call leaves to the garbage collector. */
  readonly allocatedBytes: number;
  /** The engines that really computed, which may not be the one that was asked for. */
  readonly engines?: readonly string[];
  /** Largest errors over the rows compared; absent where there is no reference. */
  readonly errors?: OutputErrors;
  /** For the purpose `errors`: by output, what it has. */
  readonly distributions?: Readonly<Partial<Record<'value' | 'gradient', readonly ErrorBucket[]>>>;
}

/** How the errors of one output lie in one bucket of margins; counts and units as in a record. */
export interface ErrorBucket {
  readonly margin: { readonly low: number; readonly high: number };
  readonly count: number;
  readonly largest: number;
  /** The logits of the row with the largest error, as hexadecimal bits. */
  readonly largestInput: string;
  readonly p999: number;
  readonly median: number;
  readonly correctlyRounded: number;
  readonly nan: number;
  readonly wrongSign: number;
  readonly falseZero: number;
}

/** Largest errors over the rows compared; null for what a variant does not return, the largest double for NaN. */
export interface OutputErrors {
  readonly rows: number;
  /** Of the rows' losses and of their gradient, in units in the last place of the input's type. */
  readonly loss: number | null;
  readonly gradient: number | null;
  /** Of the gradient of a row's loss, absolute: in units of probability. */
  readonly absolute: number | null;
  /** Of the mean: relative to it above a nat, absolute below, where a plain loop has no relative accuracy. */
  readonly value: number | null;
}

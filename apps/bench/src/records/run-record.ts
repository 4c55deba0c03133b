/**
 * What one run of the bench found: the TypeScript of `schema/run-1.schema.json`, which says more of each key. Numbers may
 * be NaN or infinite here; in a file these are the texts "NaN", "Infinity" and "-Infinity".
 */
import type { Accuracy, Size } from './accuracy-record.js';
import type { Benchmark, Interval } from './benchmark-record.js';
import type { Compare } from './compare-record.js';

/** Changes when a reader would have to. New keys may come without. */
export const RUN_SCHEMA = 'surprisal-bench/run@1';

/** One immutable file of the history. */
export interface RunRecord {
  readonly schema: typeof RUN_SCHEMA;
  /** When the run began: `2026-11-24T20:31:58.123Z`. */
  readonly time: string;
  readonly tool: Named;
  /** What was measured; absent outside of a repository. */
  readonly commit?: Commit;
  readonly machine: Machine;
  readonly noise: Noise;
  readonly settings: Settings;
  readonly verdict: Verdict;
  readonly peers: readonly Peer[];
  readonly benchmarks: readonly Benchmark[];
  readonly accuracy: readonly Accuracy[];
  readonly sizes: readonly Size[];
  readonly curves: readonly Curve[];
  readonly selftests: readonly Selftest[];
  /** Two sides measured together, where the run compared any. */
  readonly compare?: Compare;
  /** What the kernels should reach, of the suite `kernels`. */
  readonly targets?: readonly TargetResult[];
}

/** A program and its version. */
export interface Named {
  readonly name: string;
  readonly version: string;
}

export interface Commit {
  /** The hash, 7 to 64 lower-case hexadecimal digits. */
  readonly id: string;
  /** Whether files differed from the commit. */
  readonly dirty: boolean;
  readonly branch?: string;
  readonly subject?: string;
  readonly time?: string;
}

/** Times are compared within one class of machines only: see `machineClass`. */
export interface Machine {
  /** As `process.platform` says. */
  readonly os: string;
  readonly arch: string;
  /** The model, as the system names it. */
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes?: number;
  readonly runtime: Named;
}

/** How quiet the machine was. */
export interface Noise {
  readonly status: 'quiet' | 'noisy' | 'unknown';
  readonly figures: readonly NoiseFigure[];
}

export interface NoiseFigure {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The value up to which the machine counts as quiet. */
  readonly limit?: number;
  readonly note?: string;
}

export interface Settings {
  /** Name of the set of benchmarks: `full`, `quick`. */
  readonly suite: string;
  readonly seed: number;
  readonly processes: number;
  readonly blocks: number;
  /** The filter, where not everything ran. */
  readonly only?: string;
  /** Registered plugins, in order. */
  readonly plugins?: readonly string[];
  /** False where the run was interrupted; true by default. */
  readonly complete?: boolean;
  /** How many groups there was no time for; 0 by default. */
  readonly leftOut?: number;
}

/** The exit codes 0, 1, 3 and 4, in this order. */
export type VerdictStatus = 'ok' | 'regression' | 'inconclusive' | 'wrong';

export interface Verdict {
  readonly status: VerdictStatus;
  /** Why it is not ok, the gravest first. */
  readonly reasons: readonly VerdictReason[];
}

export interface VerdictReason {
  readonly gate: 'output' | 'accuracy' | 'size' | 'time';
  /** Of the benchmark, accuracy row or package. */
  readonly id?: string;
  readonly message: string;
}

/** Another implementation: its version, or why it was not compared and how to get it. */
export type Peer =
  | { readonly name: string; readonly version: string; readonly missing?: never }
  | { readonly name: string; readonly version?: never; readonly missing: string };

/** Loss and gradient of one row as its margin moves: the other logits 0, the target class's own at the margin. */
export interface Curve {
  readonly loss: string;
  readonly lossId: string;
  readonly options?: string;
  /** 1 where the loss is of single logits. */
  readonly classes: number;
  readonly margin: readonly number[];
  readonly value: readonly number[];
  /** By the logit of the target class. */
  readonly gradient: readonly number[];
}

/** What the harness says of itself: two equal sides, or one side slowed by a factor. */
export interface Selftest {
  readonly kind: 'aa' | 'inject';
  readonly time: string;
  readonly rounds: number;
  /** Rounds in which a difference was reported. */
  readonly found: number;
  readonly inconclusive?: number;
  /** The injected slowdown: 1.05. */
  readonly factor?: number;
  readonly passed: boolean;
  readonly note?: string;
}

/** A number that a kernel should reach, and whether it did: no part of the verdict. */
export interface TargetResult {
  /** `<group>/<target>`: unique in a record. */
  readonly id: string;
  readonly case: string;
  readonly what: string;
  /** `x`, `µs/call`, `B/call`. */
  readonly unit: string;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  readonly measured?: number;
  readonly interval?: Interval;
  readonly verdict: 'met' | 'missed' | 'not measured';
  /** The interval holds the limit. */
  readonly close: boolean;
  readonly reason?: string;
}

import type { Axes, Better, Interval } from './benchmark-record.js';
import type { Commit } from './run-record.js';

/** Two sides, measured together. */
export interface Compare {
  readonly base: Side;
  readonly head: Side;
  readonly rows: readonly Difference[];
}

export interface Side {
  readonly label: string;
  readonly commit?: Commit;
}

/** One metric of one benchmark on both sides. */
export interface Difference {
  readonly id: string;
  readonly axes: Axes;
  readonly metric: string;
  readonly unit: string;
  readonly better: Better;
  readonly base: number;
  readonly head: number;
  /** head by base, paired. */
  readonly ratio?: number;
  /** Of the ratio. */
  readonly interval?: Interval;
  readonly n?: number;
  /** After Holm's correction. */
  readonly pValue?: number;
  /** Found again in fresh processes. */
  readonly confirmed?: boolean;
  readonly verdict: 'better' | 'worse' | 'same' | 'inconclusive';
  readonly reason?: string;
}

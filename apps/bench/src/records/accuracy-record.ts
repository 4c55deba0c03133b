import type { Axes } from './benchmark-record.js';

/** Errors of one output of one implementation against exact results. */
export interface Accuracy {
  readonly id: string;
  readonly definition: string;
  readonly axes: Axes;
  readonly quantity: 'value' | 'gradient';
  /** `ulp`: units in the last place of the exact value. */
  readonly unit: string;
  readonly search:
    { readonly kind: 'exhaustive'; readonly seed?: number } | { readonly kind: 'sampled'; readonly seed: number };
  readonly status: 'ok' | 'wrong' | 'missing';
  /** Why the status is not `ok`; required then. */
  readonly reason?: string;
  /** The largest error allowed. */
  readonly budget?: number;
  readonly buckets: readonly Bucket[];
  /** Margins at which something overflows or underflows. */
  readonly marks?: readonly { readonly margin: number; readonly label: string }[];
}

/** The elements whose logit margin is in [low, high). */
export interface Bucket {
  readonly margin: { readonly low: number; readonly high: number };
  readonly count: number;
  readonly largest: number;
  /** The logits of the largest error, as hexadecimal bits. */
  readonly largestInput?: string;
  /** 99.9th percentile of the errors. */
  readonly p999: number;
  readonly median: number;
  /** Share of the elements, 0 to 1. */
  readonly correctlyRounded: number;
  readonly nan: number;
  readonly wrongSign: number;
  /** 0 where the exact value does not underflow. */
  readonly falseZero: number;
}

/** Of one package, bundled alone. */
export interface Size {
  readonly package: string;
  readonly version?: string;
  readonly minifiedBytes: number;
  /** Of the minified bundle. */
  readonly gzipBytes: number;
  /** The largest `gzipBytes` allowed. */
  readonly budgetBytes?: number;
}

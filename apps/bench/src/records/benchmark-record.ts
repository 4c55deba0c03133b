/** What was measured of one variant. */
export interface Benchmark {
  /** Names the series over all runs: see `benchmarkId`. */
  readonly id: string;
  /** Hash of what is measured and how: see `definitionHash`. Another one begins another series. */
  readonly definition: string;
  readonly axes: Axes;
  /** `unproven`: the two copies of the anchor did not agree, the times prove nothing. */
  readonly status: 'ok' | 'unproven' | 'wrong' | 'missing';
  /** Why the status is not `ok`; required then. */
  readonly reason?: string;
  readonly metrics: readonly Metric[];
}

/** The parameters of a benchmark or of a row of accuracy, by name. More than these may come. */
export interface Axes {
  /** The composition: `labelSmoothed(categoricalCrossEntropy)`. */
  readonly loss: string;
  readonly lossId?: string;
  /** The options of the composition, as text. */
  readonly options?: string;
  /** `value`, `gradient` or `value-and-gradient`. */
  readonly operation: string;
  readonly dtype: string;
  readonly rows?: number;
  /** 1 where the loss is of single logits. */
  readonly classes?: number;
  /** `surprisal`, `plain-loop`, `tfjs-wasm`. */
  readonly implementation: string;
  readonly engine?: string;
  /** Where the logits come from: `digits`, `mail`, `tokens`, `margins`. */
  readonly input: string;
  /** How it is called where that is not the usual way: `kernel-memory`, `sample-weights`, `accuracy`. */
  readonly call?: string;
  readonly [axis: string]: string | number | boolean | undefined;
}

/** Which direction is an improvement. */
export type Better = 'lower' | 'higher' | 'none';

export interface Metric {
  /** One of `METRICS`, or another. */
  readonly name: string;
  readonly unit: string;
  readonly better: Better;
  readonly value: number;
  readonly interval?: Interval;
  /** Independent values behind the value: processes. */
  readonly n?: number;
  /** The value of each process, in order. */
  readonly processes?: readonly number[];
  /** Whether the same commit gives the same value everywhere. */
  readonly exact: boolean;
}

/** Confidence interval of a value. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.99 for 99%. */
  readonly level: number;
}

/** Metrics that the page and the exports know by name, as a record holds them. */
export const METRICS: Readonly<
  Record<
    'time' | 'ratio' | 'throughput' | 'copyShare' | 'firstCall' | 'allocated',
    Pick<Metric, 'name' | 'unit' | 'better' | 'exact'>
  >
> = {
  /** Of one element: one logit of the batch. */
  time: { name: 'time', unit: 'ns/element', better: 'lower', exact: false },
  /** Time by the anchor's, paired: the one to compare over runs. */
  ratio: { name: 'ratio', unit: 'x', better: 'lower', exact: false },
  throughput: { name: 'throughput', unit: 'GB/s', better: 'higher', exact: false },
  /** Throughput by that of a copy in the same process: 1 is the floor that nothing passes. */
  copyShare: { name: 'copy-share', unit: 'share', better: 'higher', exact: false },
  /** Import, compile, run. */
  firstCall: { name: 'first-call', unit: 'ms', better: 'lower', exact: false },
  allocated: { name: 'allocated', unit: 'B/call', better: 'lower', exact: false },
};

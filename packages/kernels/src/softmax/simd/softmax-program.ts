import { softmaxModules } from '../../generated/softmax.js';
import { REGIONS } from '../../wasm/kernel-memory.js';
import { plainModule, relaxedModule } from '../../wasm/decode-module.js';
import { wasmSource, type WasmSource } from '../../wasm/wasm-program.js';

/** The functions of `assembly/softmax.ts` for one type of logits. Addresses are bytes, counts are numbers. */
export interface RowFunctions {
  /**
   * Runs packed rows `from` to `count - 1` that need no look at their largest logit, and returns the first that does, whose
   * logits are lost; `count` where there is none.
   */
  readonly runLabels: (
    at: number,
    classes: number,
    from: number,
    count: number,
    labels: number,
    masses: number,
    losses: number,
    gradientScale: number,
    hasGradient: number,
  ) => number;
  /** Begins a row by its label's logit; 0: that cannot be right. */
  readonly beginUsual: (logit: number) => number;
  /** Begins a row by the largest logit found; 0: it is no number, or there was a NaN. */
  readonly beginShifted: () => number;
  readonly exponentiate: (at: number, count: number, label: number, shifted: number) => void;
  /** Whether what `beginUsual` began came out right; 0: the row must begin again with `beginShifted`. */
  readonly wasUsual: () => number;
  readonly findTop: (at: number, count: number) => void;
  /** Closes the sums; returns the loss. */
  readonly finish: (logit: number, mass: number, gradientScale: number, shifted: number) => number;
  readonly writeGradient: (at: number, count: number, label: number) => void;
}

/**
 * Runs rows `from` to `count - 1` of few classes, packed from `logits` on, and writes their gradient to `gradient`, which may
 * be the same (0: none). Returns the first row whose largest logit is no number, or `count`.
 */
export type RunRows = (
  logits: number,
  gradient: number,
  classes: number,
  from: number,
  count: number,
  labels: number,
) => number;

/**
 * The functions of `assembly/softmax/plan-rows.ts`, for float32. Rows are packed, as many as `rows` says or parts of one
 * that begin with class `first`; 0 stands for vectors that are not there. Target rows lie `stride` bytes apart: 0 where all have
 * the same one.
 */
export interface PlanFunctions {
  /** Finds the largest logit of each row. */
  readonly findTops: (
    at: number,
    low: number,
    offsets: number,
    records: number,
    classes: number,
    rows: number,
    first: number,
  ) => void;
  /** Caps logits in place, and writes what rounding took from them and the derivatives; see `assembly/softmax/softcap32.ts`. */
  readonly capLogits: (at: number, low: number, slopes: number, count: number, cap: number, limit: number) => void;
  readonly multiplyBySlopes: (at: number, slopes: number, count: number) => void;
  /** Adds the gaps below the largest logit under the target, and its mass, to the records. */
  readonly weighRows: (
    at: number,
    low: number,
    offsets: number,
    targets: number,
    stride: number,
    records: number,
    classes: number,
    rows: number,
    scale: number,
  ) => void;
  /** Puts a number in place of the classes that `allowed`, 1 or 0, takes out. */
  readonly maskRows: (at: number, allowed: number, classes: number, rows: number, value: number) => void;
  /** Takes exponentials, and adds their sums to the records. */
  readonly exponentiateRows: (
    from: number,
    to: number,
    low: number,
    tails: number,
    weights: number,
    records: number,
    classes: number,
    rows: number,
    first: number,
  ) => void;
  /** Makes the gradient of exponentials and targets. */
  readonly scaleRows: (
    at: number,
    targets: number,
    stride: number,
    records: number,
    classes: number,
    rows: number,
  ) => void;
  /** Adds the sum of each target row under a vector to its mass. */
  readonly addMasses: (targets: number, counted: number, records: number, classes: number, rows: number) => void;
  /** Applies a group of target steps. */
  readonly mixRows: (
    targets: number,
    kept: number,
    added: number,
    records: number,
    classes: number,
    rows: number,
  ) => void;
}

type Typed<Type extends 32 | 64> = { readonly [Name in keyof RowFunctions as `${Name}${Type}`]: RowFunctions[Name] };

/** The loops of `RowKernel`, of which `scaleAndPull64` has both that scale; 0 stands for a vector that is not there. */
interface StagedFunctions {
  readonly exponentials64: (from: number, to: number, count: number, base: number, shift: number) => void;
  readonly addBlocks64: (pair: number, at: number, count: number) => void;
  readonly addGaps64: (pair: number, weights: number, at: number, count: number, top: number) => void;
  readonly scaleAndPull64: (at: number, count: number, factor: number, vector: number, pull: number) => void;
}

/** All functions of the module. */
export interface SoftmaxFunctions extends Typed<32>, Typed<64>, PlanFunctions, StagedFunctions {
  /** Makes slopes of target rows under `count` terms, and adds costs and slopes to the records. */
  readonly modulateRows32: (
    at: number,
    exponentials: number,
    low: number,
    offsets: number,
    targets: number,
    slopes: number,
    records: number,
    classes: number,
    rows: number,
    scale: number,
    terms: number,
    count: number,
  ) => void;
  /** Makes the gradient of slopes and exponentials. */
  readonly differentiateRows32: (
    exponentials: number,
    to: number,
    slopes: number,
    records: number,
    classes: number,
    rows: number,
  ) => void;
  /** Where the numbers of a plan lie. */
  readonly plan: () => number;
  readonly isFused: () => number;
  /** Where logits are, in bytes from where their exponentials go; 0: in the same place. */
  readonly setDistance: (bytes: number) => void;
  /** Forgets the largest logit, before `findTop`. */
  readonly beginTop: () => void;
  /** Where v of a spread target lies, 0 where there is none, and where in float64, its mass, and where b of each row lies. */
  readonly setVector: (at: number, wideAt: number, mass: number, spreads: number) => void;
  /**
   * What goes with the rows of `runRows`: which count (1 for each that does; 0: all do), d, losses, b, the factor of the gradient, v
   * (0: none) in the type of the logits, and its mass.
   */
  readonly setTile: (
    keep: number,
    masses: number,
    losses: number,
    spreads: number,
    gradientScale: number,
    vector: number,
    vectorMass: number,
  ) => void;
  /** Leaves the exact sum of `count` losses as so many numbers in place of the first; 0: it cannot. */
  readonly sumLosses64: (losses: number, count: number) => number;
  readonly runRows32: RunRows;
  readonly runRows64: RunRows;
  /** b of the row at hand, and v of its label. */
  readonly setSpread: (spread: number, ofLabel: number) => void;
}

/** The module whose bits are the same on every machine. */
export const plainSource: WasmSource<SoftmaxFunctions> = /* @__PURE__ */ wasmSource(
  () => plainModule(softmaxModules),
  REGIONS.softmax,
);

/** The one with fused operations; where the processor does not fuse them it is neither fast nor right. */
export const relaxedSource: WasmSource<SoftmaxFunctions> = /* @__PURE__ */ wasmSource(
  () => relaxedModule(softmaxModules),
  REGIONS.softmax,
  ({ isFused }) => isFused() === 1,
);

export function rowFunctions32(functions: SoftmaxFunctions): RowFunctions {
  return {
    runLabels: functions.runLabels32,
    beginUsual: functions.beginUsual32,
    beginShifted: functions.beginShifted32,
    exponentiate: functions.exponentiate32,
    wasUsual: functions.wasUsual32,
    findTop: functions.findTop32,
    finish: functions.finish32,
    writeGradient: functions.writeGradient32,
  };
}

export function rowFunctions64(functions: SoftmaxFunctions): RowFunctions {
  return {
    runLabels: functions.runLabels64,
    beginUsual: functions.beginUsual64,
    beginShifted: functions.beginShifted64,
    exponentiate: functions.exponentiate64,
    wasUsual: functions.wasUsual64,
    findTop: functions.findTop64,
    finish: functions.finish64,
    writeGradient: functions.writeGradient64,
  };
}

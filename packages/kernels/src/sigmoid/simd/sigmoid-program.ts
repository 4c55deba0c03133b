import { sigmoidModules } from '../../generated/sigmoid.js';
import { REGIONS } from '../../wasm/kernel-memory.js';
import { plainModule, relaxedModule } from '../../wasm/decode-module.js';
import { wasmSource, type WasmSource } from '../../wasm/wasm-program.js';

type Address = number;

/** Two loops over elements and what comes before and after them, for one type; `assembly/` says what each does. */
export interface ElementPasses {
  readonly affine: (z: Address, low: Address, count: number, scale: number, offset: number) => void;
  /** `low` is 0 where z is a number of its type; `isRaised` where a factor above 1 may follow. */
  readonly exponentials: (z: Address, low: Address, q: Address, count: number, isRaised: number) => number;
  /** `negative` is 0 where u0 = 1 - u1. */
  readonly crossEntropy: (
    z: Address,
    q: Address,
    positive: Address,
    negative: Address,
    losses: Address,
    count: number,
    scale: number,
    hasGradient: number,
  ) => number;
  /** `weights` is 0 where all are 1; then it leaves losses of the type of the logits. */
  readonly crossEntropyOfLabels: (
    z: Address,
    q: Address,
    labels: Address,
    losses: Address,
    count: number,
    scale: number,
    hasGradient: number,
    weights: Address,
  ) => number;
}

type ForType<Passes, Bits extends number> = {
  readonly [Name in keyof Passes & string as `${Name}${Bits}`]: Passes[Name];
};

/** What a module exports. */
export interface ElementFunctions extends ForType<ElementPasses, 32>, ForType<ElementPasses, 64> {
  readonly isFused: () => number;
  /** The exact sum as so many float64 in place of the first losses; 0, and the losses stay, where it cannot be had so. */
  readonly sumLosses32: (losses: Address, count: number) => number;
  readonly sumLosses64: (losses: Address, count: number) => number;
  readonly setMassesOfLabels: (ofZero: number, ofOne: number) => void;
  readonly widen: (from: Address, to: Address, count: number, scale: number, offset: number) => void;
  /** Returns whether some z is infinite or NaN. */
  readonly beginTerms: (z: Address, q: Address, count: number) => number;
  /** Returns whether all are 0 or 1. */
  readonly labelsOfTargets: (targets: Address, labels: Address, count: number) => number;
  readonly massesOfLabels: (labels: Address, weights: Address, masses: Address, count: number) => void;
  /** `labels` is 0 where all elements are scored by `outcome`; `masses` where all are 1. */
  readonly scoreTerms: (
    z: Address,
    q: Address,
    labels: Address,
    outcome: number,
    masses: Address,
    losses: Address,
    gradient: Address,
    count: number,
    terms: Address,
    numberOfTerms: number,
    shifts: number,
    adds: number,
  ) => void;
  /** What `lightTerm` reads of terms without a shift. */
  readonly plainOutcomes: (
    z: Address,
    q: Address,
    labels: Address,
    outcome: number,
    arrays: Address,
    count: number,
  ) => void;
  /** What it reads of a term with a shift. Returns whether some elements are to be done again. */
  readonly shiftOutcomes: (
    z: Address,
    q: Address,
    labels: Address,
    outcome: number,
    arrays: Address,
    count: number,
    term: Address,
    isRaised: number,
  ) => number;
  /** One term, light of records; `gradient` is 0 where none is asked for. Returns whether some elements are to be done again. */
  readonly lightTerm: (
    arrays: Address,
    labels: Address,
    outcome: number,
    masses: Address,
    losses: Address,
    slopes: Address,
    gradient: Address,
    count: number,
    scale: number,
    term: Address,
    shifts: number,
    adds: number,
    ends: number,
  ) => number;
  readonly addPartition: (
    z: Address,
    q: Address,
    factors: Address,
    losses: Address,
    gradient: Address,
    count: number,
  ) => void;
  readonly endTerms: (from: Address, gradient: Address, count: number, scale: number) => number;
  readonly addMasses: (
    positive: Address,
    negative: Address,
    weights: Address,
    keep: Address,
    count: number,
    positiveFromPositive: number,
    positiveFromNegative: number,
    negativeFromPositive: number,
    negativeFromNegative: number,
  ) => void;
}

/** The same bits on every machine. */
export const plainElements: WasmSource<ElementFunctions> = /* @__PURE__ */ wasmSource(
  () => plainModule(sigmoidModules),
  REGIONS.sigmoid,
);

/** Products and sums rounded once, where the processor can; where it cannot, the plain program is as fast. */
export const relaxedElements: WasmSource<ElementFunctions> = /* @__PURE__ */ wasmSource(
  () => relaxedModule(sigmoidModules),
  REGIONS.sigmoid,
  ({ isFused }) => isFused() === 1,
);

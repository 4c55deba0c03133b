import { sigmoidRelaxedSimd } from '../../generated/sigmoid-relaxed-simd.js';
import { sigmoidSimd } from '../../generated/sigmoid-simd.js';
import { REGIONS } from '../../wasm/kernel-memory.js';
import { wasmSource, type WasmSource } from '../../wasm/wasm-program.js';

type Address = number;

/** Two loops over elements and what comes before them, for one type; `assembly/sigmoid/` says what each does. */
export interface ElementPasses {
  readonly affine: (z: Address, low: Address, count: number, scale: number, offset: number) => void;
  readonly exponentials: (z: Address, q: Address, count: number) => number;
  readonly exponentialsOfSums: (z: Address, low: Address, q: Address, count: number) => number;
  readonly crossEntropy: (
    z: Address,
    q: Address,
    positive: Address,
    negative: Address,
    losses: Address,
    count: number,
    scale: number,
  ) => number;
  readonly losses: (
    z: Address,
    q: Address,
    positive: Address,
    negative: Address,
    losses: Address,
    count: number,
  ) => void;
  readonly crossEntropyOfTargets: (
    z: Address,
    q: Address,
    targets: Address,
    losses: Address,
    count: number,
    scale: number,
  ) => number;
  readonly lossesOfTargets: (z: Address, q: Address, targets: Address, losses: Address, count: number) => void;
}

type ForType<Passes, Bits extends number> = {
  readonly [Name in keyof Passes & string as `${Name}${Bits}`]: Passes[Name];
};

/** What a module exports. */
export interface ElementFunctions extends ForType<ElementPasses, 32>, ForType<ElementPasses, 64> {
  readonly isFused: () => number;
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
  () => sigmoidSimd,
  REGIONS.sigmoid,
);

/** Products and sums rounded once, where the processor can; where it cannot, the plain program is as fast. */
export const relaxedElements: WasmSource<ElementFunctions> = /* @__PURE__ */ wasmSource(
  () => sigmoidRelaxedSimd,
  REGIONS.sigmoid,
  ({ isFused }) => isFused() === 1,
);

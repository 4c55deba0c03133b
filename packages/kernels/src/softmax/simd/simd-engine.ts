import type { Engine, Problem, Session } from '@surprisal/core';
import type { WasmSource } from '../../wasm/wasm-program.js';
import { typescriptEngine } from '../typescript-engine.js';
import { openLabelSession } from './label-session.js';
import type { SimdSizes } from './simd-stage.js';
import { plainSource, relaxedSource, type SoftmaxFunctions } from './softmax-program.js';

/** 32 KiB of float32 numbers a tile stay close to the processor, and so does a part of a longer row. */
const SIZES: SimdSizes = { tile: 8192, part: 4096, resident: Infinity };

/** The engine of a program. What it cannot do the TypeScript engine does, and the session says so. */
export function createSimdEngine(name: string, source: WasmSource<SoftmaxFunctions>, sizes: SimdSizes = SIZES): Engine {
  return {
    name,
    available: () => source.load() !== undefined,
    open: (problem) => openSession(problem, source, sizes),
  };
}

/** SIMD with the same bits on every machine. */
export const simdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-simd', plainSource);

/** SIMD with fused operations, whose last bits may differ between processors. */
export const relaxedSimdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-relaxed-simd', relaxedSource);

function openSession(problem: Problem, source: WasmSource<SoftmaxFunctions>, sizes: SimdSizes): Session {
  const { plan, targets, input } = problem;
  const { labelMeasure, logitSteps, customs, crossEntropy, partition } = plan;
  const program = source.load();
  const isPlain =
    input === 'logits' && logitSteps.length === 0 && customs.length === 0 && crossEntropy && partition === 0;
  const isLabel = labelMeasure !== undefined && labelMeasure.vector === undefined && targets === undefined;
  if (program !== undefined && isPlain && isLabel) return openLabelSession(program, problem, labelMeasure, sizes);
  return { engine: typescriptEngine.name, ...typescriptEngine.open(problem) };
}

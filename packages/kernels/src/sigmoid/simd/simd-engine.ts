import type { Engine, Problem, Session } from '@surprisal/core';
import { programFor, type WasmProgram, type WasmSource } from '../../wasm/wasm-program.js';
import { typescriptEngine } from '../typescript-engine.js';
import { affineOf } from './affine-steps.js';
import { CAPACITY, layOutElements, type MemoryOfType } from './element-memory.js';
import { plainElements, relaxedElements, type ElementFunctions } from './sigmoid-program.js';
import { recordTerms } from './term-records.js';
import { createTermCall, runTerms } from './run-terms.js';
import { runLightTerms } from './run-light-terms.js';
import { runTile } from './run-tile.js';

/** 128-bit WebAssembly: float32 as float32, the same bits on every machine. */
export const simdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-simd', plainElements);

/** The same with fused operations: faster, and its last bits may differ between processors. */
export const relaxedSimdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-relaxed-simd', relaxedElements);

/**
 * An engine for logits: for every plan without custom steps where they are float32 or float16, for cross-entropy with affine
 * steps where they are float64. Other calls are the TypeScript engine's.
 */
function createSimdEngine(name: string, source: WasmSource<ElementFunctions>): Engine {
  const laidOut = new WeakMap<object, MemoryOfType>();
  const layOut = (program: WasmProgram<ElementFunctions>): MemoryOfType => {
    const memoryOf = laidOut.get(program) ?? layOutElements(program);
    laidOut.set(program, memoryOf);
    return memoryOf;
  };
  return {
    name,
    available: () => source.load() !== undefined,
    open: (problem) => {
      const program = programFor(source, problem);
      return openSession(problem, program && layOut(program));
    },
  };
}

function openSession(problem: Problem, memoryOf: MemoryOfType | undefined): Session {
  const { input, plan, logits, layout, hardTargets } = problem;
  if (memoryOf === undefined || input !== 'logits' || plan.customs.length > 0) return openTypescript(problem);
  const affine = affineOf(plan.logitSteps);
  const memory = memoryOf(logits.type);
  const capacity = Math.max(1, Math.min(CAPACITY, layout.rows * layout.classes));
  const readsTargets = hardTargets !== undefined;
  if (plan.crossEntropy && plan.partition === 0 && affine !== undefined) {
    const call = { problem, memory, affine };
    return { capacity, readsTargets, run: (tile) => runTile(call, tile) };
  }
  // Powers by way of logarithms need more digits than the result has.
  if (logits.type === 'float64') return openTypescript(problem);
  const records = recordTerms(plan, memory.records.length);
  if (records === undefined) return openTypescript(problem);
  if (records.light && plan.partition === 0 && affine !== undefined) {
    const call = { problem, memory, affine, records };
    return { capacity, readsTargets, run: (tile) => runLightTerms(call, tile) };
  }
  const call = createTermCall({ problem, memory }, records, memoryOf('float64').z as Float64Array, capacity);
  return { capacity, readsTargets, run: (tile) => runTerms(call, tile) };
}

function openTypescript(problem: Problem): Session {
  return { ...typescriptEngine.open(problem), engine: typescriptEngine.name };
}

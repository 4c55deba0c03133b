import type { Engine, Problem, Session } from '@surprisal/core';
import { programFor, type WasmProgram, type WasmSource } from '../../wasm/wasm-program.js';
import { typescriptEngine } from '../typescript-engine.js';
import { affineOf } from './affine-steps.js';
import { CAPACITY, layOutElements, type MemoryOfType } from './element-memory.js';
import { plainElements, relaxedElements, type ElementFunctions } from './sigmoid-program.js';
import { runTile } from './run-tile.js';

/** 128-bit WebAssembly: float32 as float32, the same bits on every machine. */
export const simdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-simd', plainElements);

/** The same with fused operations: faster, and its last bits may differ between processors. */
export const relaxedSimdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-relaxed-simd', relaxedElements);

/** An engine for cross-entropy of logits without steps or with affine ones; other calls are the TypeScript engine's. */
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
  const { input, plan, logits, layout } = problem;
  const affine = affineOf(plan.logitSteps);
  const isPlain = input === 'logits' && plan.crossEntropy && plan.partition === 0 && plan.customs.length === 0;
  if (memoryOf === undefined || affine === undefined || !isPlain)
    return { ...typescriptEngine.open(problem), engine: typescriptEngine.name };
  const memory = memoryOf(logits.type);
  const capacity = Math.max(1, Math.min(CAPACITY, layout.rows * layout.classes));
  const call = { problem, memory, affine };
  return { capacity, readsTargets: problem.hardTargets !== undefined, run: (tile) => runTile(call, tile) };
}

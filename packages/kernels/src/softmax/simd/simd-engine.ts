import type { Engine, Problem, Session } from '@surprisal/core';
import { programFor, type WasmSource } from '../../wasm/wasm-program.js';
import type { StageSizes } from '../row-stage.js';
import { SIZES as STAGE_SIZES, typescriptEngine } from '../typescript-engine.js';
import { foldSteps } from './folded-steps.js';
import { modulates } from './modulation.js';
import { openLabelSession } from './label-session.js';
import { holdsSteps } from './plan-numbers.js';
import { openPlanSession } from './plan-session.js';
import { bearsShort, openShortSession } from './short-session.js';
import type { SimdSizes } from './simd-stage.js';
import { openStagedSession } from './staged-session.js';
import { plainSource, relaxedSource, type SoftmaxFunctions } from './softmax-program.js';

/** 32 KiB of float32 numbers a tile stay close to the processor, and so does a part of a longer row. */
const SIZES: SimdSizes = { tile: 8192, part: 4096, resident: Infinity };

/** The engine of a program. What it cannot do the TypeScript engine does, and the session says so. No result depends on sizes. */
export function createSimdEngine(
  name: string,
  source: WasmSource<SoftmaxFunctions>,
  sizes: SimdSizes = SIZES,
  stageSizes: StageSizes = STAGE_SIZES,
): Engine {
  return {
    name,
    available: () => source.load() !== undefined,
    open: (problem) => openSession(problem, source, sizes, stageSizes),
  };
}

/** SIMD with the same bits on every machine. */
export const simdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-simd', plainSource);

/** SIMD with fused operations, whose last bits may differ between processors. */
export const relaxedSimdEngine: Engine = /* @__PURE__ */ createSimdEngine('wasm-relaxed-simd', relaxedSource);

function openSession(
  problem: Problem,
  source: WasmSource<SoftmaxFunctions>,
  sizes: SimdSizes,
  stageSizes: StageSizes,
): Session {
  const { plan, targets, input, layout } = problem;
  const { labelMeasure, logitSteps, customs, crossEntropy, partition } = plan;
  const program = programFor(source, problem);
  if (program === undefined || input !== 'logits' || customs.length > 0) return handOver(problem);
  const isPlain = logitSteps.length === 0 && crossEntropy && partition === 0;
  if (isPlain && bearsShort(labelMeasure, problem)) return openShortSession(program, problem, labelMeasure);
  const isLabel = labelMeasure !== undefined && targets === undefined && isWide(labelMeasure.vector, problem);
  if (isPlain && isLabel) return openLabelSession(program, problem, labelMeasure, sizes);
  // A memory with arrays of callers has no room for what these rows need: they go through a memory of the program's own.
  const alone = source.load();
  if (alone === undefined) return handOver(problem);
  const steps = holdsPlan(problem) ? foldSteps(logitSteps, layout.classes) : undefined;
  return steps !== undefined && holdsSteps(steps)
    ? openPlanSession(alone, problem, steps, sizes)
    : openStagedSession(alone, problem, stageSizes);
}

/** Whether the passes of plans, which are for float32 and do not keep the digits of float64, can do all but the logit steps. */
function holdsPlan(problem: Problem): boolean {
  const { logits, targets, plan } = problem;
  if (logits.type === 'float64') return false;
  const hasRows = targets !== undefined || plan.labelMeasure === undefined || plan.labelMeasure.vector !== undefined;
  return !hasRows || plan.crossEntropy || modulates(problem);
}

/** What no program does here the TypeScript engine does. */
function handOver(problem: Problem): Session {
  return { engine: typescriptEngine.name, ...typescriptEngine.open(problem) };
}

/**
 * Whether v, where there is one, is spread so widely that its loss, at least |v| log(|v| / max v), bears that its terms cancel:
 * float64 arithmetic is that much better than float32 logits need, not more.
 */
function isWide(vector: Float64Array | undefined, { logits }: Problem): boolean {
  if (vector === undefined) return true;
  if (logits.type === 'float64') return false;
  let mass = 0;
  let largest = 0;
  for (const value of vector) {
    mass += value;
    if (value > largest) largest = value;
  }
  return largest * 8 <= mass && largest < 1e30 && mass > 1e-30;
}

import type { Engine, Problem, Session } from '@surprisal/core';
import { openGivenRows } from '../given/class-rows.js';
import { openCustomRows } from './custom-rows.js';
import { openLabelRows } from './label-rows.js';
import { openMeasureRows } from './measure-rows.js';
import type { StageSizes } from './row-stage.js';
import { openSlopeRows } from './slope-rows.js';
import { openSpreadRows } from './spread-rows.js';

/** Two arrays of 4096 numbers stay close to the processor; whatever the rows, a session stays below 1 MiB. */
export const SIZES: StageSizes = { tile: 4096, memory: 114_688 };

/** The portable engine of the softmax link: float64 arithmetic for every type of logits, the same bits on every machine. */
export const typescriptEngine: Engine = { name: 'typescript', open: (problem) => openRows(problem, SIZES) };

/** The engine with other sizes, so that tests cut small rows into chunks. No result depends on them. */
export function createTypescriptEngine(sizes: StageSizes): Engine {
  return { name: 'typescript', open: (problem) => openRows(problem, sizes) };
}

/** The session of a call. Another engine may have it with a kernel of its own. */
export function openRows(problem: Problem, sizes: StageSizes): Session {
  const { plan, targets } = problem;
  if (problem.input !== 'logits') return openGivenRows(problem, sizes);
  const { labelMeasure: measure } = plan;
  const isLabel = measure !== undefined && measure.vector === undefined && targets === undefined;
  if (isLabel && plan.customs.length === 0) return openLabelRows(problem, measure, sizes);
  if (plan.customs.length > 0) return openCustomRows(problem, sizes);
  if (!plan.crossEntropy) return openSlopeRows(problem, sizes);
  return targets === undefined && measure !== undefined
    ? openSpreadRows(problem, sizes)
    : openMeasureRows(problem, sizes);
}

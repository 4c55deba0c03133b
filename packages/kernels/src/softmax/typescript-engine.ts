import type { Engine, Problem, Session } from '@surprisal/core';
import { openLabelRows } from './label-rows.js';
import { openMeasureRows } from './measure-rows.js';
import type { StageSizes } from './row-stage.js';

/** Two arrays of 4096 numbers stay in the first-level cache; a session of three long rows in 1 MiB. */
const SIZES: StageSizes = { tile: 4096, row: 32768 };

/** The portable engine of the softmax link: float64 arithmetic for every type of logits, the same bits on every machine. */
export const typescriptEngine: Engine = { name: 'typescript', open: (problem) => openSession(problem, SIZES) };

/** The engine with other sizes, so that tests cut small rows into chunks. No result depends on them. */
export function createTypescriptEngine(sizes: StageSizes): Engine {
  return { name: 'typescript', open: (problem) => openSession(problem, sizes) };
}

function openSession(problem: Problem, sizes: StageSizes): Session {
  const { plan, targets } = problem;
  const { labelMeasure: measure } = plan;
  if (measure !== undefined && measure.vector === undefined && targets === undefined)
    return openLabelRows(problem, measure, sizes);
  return openMeasureRows(problem, sizes);
}

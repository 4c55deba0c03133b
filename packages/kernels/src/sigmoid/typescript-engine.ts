import type { Engine, Fault, Problem, Session, Tile } from '@surprisal/core';
import { openGivenElements } from '../given/elements.js';
import { crossEntropyOfElements, exponentialsOfDistance } from './cross-entropy-passes.js';
import { runCustomElements } from './custom-elements.js';
import {
  createElementStage,
  loadElements,
  releaseElements,
  storeElements,
  type ElementStage,
} from './element-stage.js';
import { findFault } from './find-fault.js';
import { runGeneralElement } from './general-element.js';
import { fillMasses } from './outcome-masses.js';
import { stageTerms, termsOfElements, type StagedTerms } from './term-passes.js';

/** Four arrays of 1024 numbers stay in the first-level cache. */
const TILE = 1024;

/** The portable engine of the sigmoid link: float64 arithmetic for every type of logits, the same bits on every machine. */
export const typescriptEngine: Engine = { name: 'typescript', open: (problem) => openSession(problem, TILE) };

/** The engine with tiles of another size, for tests. No result depends on it. */
export function createTypescriptEngine(tile: number): Engine {
  return { name: 'typescript', open: (problem) => openSession(problem, tile) };
}

function openSession(problem: Problem, tileSize: number): Session {
  if (problem.input !== 'logits') return openGivenElements(problem, tileSize);
  const stage = createElementStage(problem, tileSize);
  const { crossEntropy, partition, customs } = problem.plan;
  const terms = crossEntropy || partition !== 0 || customs.length > 0 ? undefined : stageTerms(problem);
  return { capacity: stage.capacity, run: (tile) => runElements(problem, stage, terms, tile) };
}

function runElements(
  problem: Problem,
  stage: ElementStage,
  terms: StagedTerms | undefined,
  tile: Tile,
): Fault | undefined {
  const { plan, layout } = problem;
  loadElements(stage, tile);
  fillMasses(plan, layout, tile, stage.positive, stage.negative);
  exponentialsOfDistance(stage.z, stage.q, tile.count);
  const plain = plan.crossEntropy && plan.partition === 0 && plan.customs.length === 0;
  const fault = plain ? runCrossEntropy(problem, stage, tile) : runEach(problem, stage, terms, tile);
  if (fault === undefined) storeElements(stage, tile);
  releaseElements(stage);
  return fault;
}

function runCrossEntropy(problem: Problem, stage: ElementStage, tile: Tile): Fault | undefined {
  const { z, q, positive, negative, steps, tiny } = stage;
  const scale = problem.gradientScale * steps.scale;
  const sum = crossEntropyOfElements(z, q, positive, negative, tile.losses, tile.count, scale, tiny);
  if (Number.isFinite(sum)) return undefined;
  // Infinite logits gave 0 * Infinity. Only they are done again: an element's bits do not depend on the others.
  for (let i = 0; i < tile.count; i++) {
    if (Number.isFinite(z[i])) continue;
    q[i] = Number.isNaN(z[i]) ? NaN : 0;
    runGeneralElement(problem, stage, tile, i);
  }
  return findFault(problem, stage.z, tile);
}

function runEach(problem: Problem, stage: ElementStage, terms: StagedTerms | undefined, tile: Tile): Fault | undefined {
  const fault = findFault(problem, stage.z, tile);
  if (fault !== undefined) return fault;
  if (terms !== undefined) termsOfElements(terms, problem, stage, tile);
  else if (problem.plan.customs.length > 0) runCustomElements(problem, stage, tile);
  else for (let i = 0; i < tile.count; i++) runGeneralElement(problem, stage, tile, i);
  return undefined;
}

import type { Engine, Fault, Problem, Session, Tile } from '@surprisal/core';
import { openGivenElements } from '../given/elements.js';
import { crossEntropyOfElements, exponentialsOfDistance } from './cross-entropy-passes.js';
import { createCustomElements, runCustomElements } from './custom-elements.js';
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
import { stageTerms, termsOfElements } from './term-passes.js';

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
  const rule = ruleOf(problem, stage);
  return { capacity: stage.capacity, run: (tile) => runElements(problem, stage, rule, tile) };
}

/** What computes the costs of a tile whose logits have been looked through. */
type ElementRule = (problem: Problem, stage: ElementStage, tile: Tile) => void;

/** Undefined for plain cross-entropy, which needs no look at the logits first. */
function ruleOf(problem: Problem, { capacity }: ElementStage): ElementRule | undefined {
  const { crossEntropy, partition, customs } = problem.plan;
  if (customs.length > 0) {
    const custom = createCustomElements(capacity);
    return (...given) => runCustomElements(custom, ...given);
  }
  if (partition !== 0) return runGeneralElements;
  if (crossEntropy) return undefined;
  const terms = stageTerms(problem);
  return (...given) => termsOfElements(terms, ...given);
}

function runGeneralElements(problem: Problem, stage: ElementStage, tile: Tile): void {
  for (let i = 0; i < tile.count; i++) runGeneralElement(problem, stage, tile, i);
}

function runElements(
  problem: Problem,
  stage: ElementStage,
  rule: ElementRule | undefined,
  tile: Tile,
): Fault | undefined {
  const { plan, layout } = problem;
  loadElements(stage, tile);
  fillMasses(plan, layout, tile, stage.positive, stage.negative);
  exponentialsOfDistance(stage.z, stage.q, tile.count);
  const fault = rule === undefined ? runCrossEntropy(problem, stage, tile) : findFault(problem, stage.z, tile);
  if (fault === undefined) rule?.(problem, stage, tile);
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

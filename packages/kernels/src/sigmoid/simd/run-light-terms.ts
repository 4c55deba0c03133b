import type { Fault, Tile } from '@surprisal/core';
import { BLOCK, VECTOR } from './element-memory.js';
import { labelTile, type Labelled } from './labels-of-tile.js';
import { fillTargets, loadLogits, loadMasses, massesOf } from './load-tile.js';
import { FARTHEST, mayRaise, runOthersAgain, type ElementCall } from './run-tile.js';
import { storeTile } from './store-tile.js';
import { bytesOf, placesOfRecords, type TermRecords } from './term-records.js';
import { placeTile, type TilePlace } from './tile-place.js';

/** What a session for light terms knows of its tiles. */
export interface LightCall extends ElementCall {
  readonly records: TermRecords;
}

/** One tile of float32 (or float16) logits under terms for which float32 is enough. */
export function runLightTerms(call: LightCall, tile: Tile): Fault | undefined {
  const { problem, memory, affine, records } = call;
  const place = placeTile(problem, memory, tile);
  loadLogits(problem, memory, place, tile);
  const labelled = labelTile(problem, memory, tile);
  if (labelled === undefined) loadBothMasses(call, tile);
  if (runBlocks(call, place, labelled, tile)) {
    fillTargets(problem, tile);
    const lift = Math.abs(problem.gradientScale * affine.scale);
    const fault = runOthersAgain(problem, place, memory.losses, tile, {
      farthest: FARTHEST[4],
      lift,
      raise: records.raise,
    });
    if (fault !== undefined) return fault;
  }
  storeTile(problem, memory, place, memory.losses, tile);
  return undefined;
}

function loadBothMasses({ problem, memory }: LightCall, tile: Tile): void {
  const { positive, negative } = memory;
  const masses = massesOf(problem, tile);
  loadMasses(problem, memory, masses, tile);
  if (masses === 'targets') for (let i = 0; i < tile.count; i++) negative[i] = 1 - positive[i];
  for (const array of [positive, negative]) array.fill(0, tile.count, tile.count + VECTOR - 1);
}

/** Runs the loops, block by block. Returns whether there may be elements that they cannot do. */
function runBlocks(call: LightCall, place: TilePlace, labelled: Labelled | undefined, tile: Tile): boolean {
  const { problem, memory, affine, records } = call;
  const { functions, passes, at } = memory;
  const { scale, offset } = affine;
  const moves = problem.plan.logitSteps.length > 0;
  const low = moves ? at.low : 0;
  const isRaised = Number(mayRaise(call, massesOf(problem, tile)) || records.raise > 1);
  memory.records.set(records.numbers);
  let others = 0;
  for (let start = 0; start < tile.count; start += BLOCK) {
    const count = Math.min(BLOCK, tile.count - start);
    const z = place.zAt + start * 4;
    const q = place.qAt + start * 4;
    if (records.shifts) functions.widen(z, at.wide, count, scale, offset);
    if (moves) passes.affine(z, low, count, scale, offset);
    others |= records.shifts
      ? functions.beginTerms(at.wide, at.exponentials, count)
      : passes.exponentials(z, low, q, count, isRaised);
    others |= score(call, place, labelled, start, count, isRaised);
  }
  return others !== 0;
}

/** The terms of a block: those of the label, or those of outcome 1 and then of outcome 0. */
function score(
  call: LightCall,
  place: TilePlace,
  labelled: Labelled | undefined,
  start: number,
  count: number,
  isRaised: number,
): number {
  const { memory, records } = call;
  const { at } = memory;
  const terms = placesOfRecords(at.records, records);
  const block = { call, place, start, count, isRaised };
  const wide = start * 8;
  if (labelled !== undefined) {
    const masses = labelled.masses === 0 ? 0 : labelled.masses + wide;
    return scoreOutcome(block, labelled.labels + start * 4, 0, masses, terms.both, false, true);
  }
  const ofPositive = scoreOutcome(block, 0, 1, at.positive + wide, terms.positive, false, false);
  return ofPositive | scoreOutcome(block, 0, 0, at.negative + wide, terms.negative, true, true);
}

interface Block {
  readonly call: LightCall;
  readonly place: TilePlace;
  readonly start: number;
  readonly count: number;
  readonly isRaised: number;
}

/** The terms of one outcome of each element, one by one; those with a shift have outcomes of their own. */
function scoreOutcome(
  { call: { problem, memory, affine, records }, place, start, count, isRaised }: Block,
  labels: number,
  outcome: number,
  masses: number,
  terms: number,
  adds: boolean,
  ends: boolean,
): number {
  const { functions, at } = memory;
  const { shifts, counts } = records;
  const z = place.zAt + start * 4;
  const gradient = place.qAt + start * 4;
  let others = 0;
  if (!shifts) functions.plainOutcomes(z, gradient, labels, outcome, at.outcomes, count);
  for (let n = 0; n < counts[1]; n++) {
    const term = terms + bytesOf(n);
    if (shifts)
      others |= functions.shiftOutcomes(z, at.exponentials, labels, outcome, at.outcomes, count, term, isRaised);
    others |= functions.lightTerm(
      at.outcomes,
      labels,
      outcome,
      masses,
      at.losses + start * 8,
      at.slopes,
      problem.gradient === undefined ? 0 : gradient,
      count,
      problem.gradientScale * affine.scale,
      term,
      Number(shifts),
      Number(adds || n > 0),
      Number(ends && n + 1 === counts[1]),
    );
  }
  return others;
}

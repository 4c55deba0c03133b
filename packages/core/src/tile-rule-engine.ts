import type { Engine, Problem, Session, Tile } from './engine.js';
import { readRows, writeRows, type RowRange } from './number-source.js';
import type { RuleTile, TileRule } from './tile-rule.js';

/** Numbers staged at once. */
const TILE = 4096;

/** The engine of a loss outside the family: stages rows, lets the rule compute them, and applies weights and scale. */
export function tileRuleEngine(rule: TileRule): Engine {
  return { name: 'typescript', open: (problem) => openTileRule(rule, problem) };
}

function openTileRule(rule: TileRule, problem: Problem): Session {
  const width = rule.layout === 'classes' ? problem.layout.classes : 1;
  const layout =
    rule.layout === 'classes'
      ? problem.layout
      : { rows: problem.layout.rows * problem.layout.classes, classes: 1, inner: 1 };
  const capacity = Math.max(1, Math.floor(TILE / width));
  const staged = {
    logits: new Float64Array(capacity * width),
    targets: new Float64Array(capacity * width),
    losses: new Float64Array(capacity),
    line: new Float64Array(capacity),
  };
  const gradient = problem.gradient && new Float64Array(capacity * width);
  const run = (tile: Tile): ReturnType<Session['run']> => {
    const range: RowRange = { first: tile.first, count: tile.count, classFrom: 0, classCount: width };
    readRows(problem.logits, layout, range, staged.logits, staged.line);
    stageTargets(problem, layout, range, tile, staged);
    neutraliseIgnored(tile, width, staged);
    const fault = problem.propagate ? undefined : findFault(tile, width, staged.logits, range, layout);
    if (fault !== undefined) return fault;
    const length = tile.count * width;
    const rows: RuleTile = {
      rows: tile.count,
      width,
      logits: staged.logits.subarray(0, length),
      targets: staged.targets.subarray(0, length),
      losses: staged.losses.subarray(0, tile.count).fill(0),
      ...(gradient && { gradient: gradient.subarray(0, length).fill(0) }),
    };
    rule.compute(rows);
    weigh(rows, tile, problem.gradientScale);
    if (problem.gradient && gradient) writeRows(problem.gradient, layout, range, gradient, staged.line);
    return undefined;
  };
  return { capacity, run };
}

interface Staged {
  readonly logits: Float64Array;
  readonly targets: Float64Array;
  readonly line: Float64Array;
}

/** Probability targets as they are, binary targets as they are, class indices as one-hot rows. */
function stageTargets(
  { targets }: Problem,
  layout: Problem['layout'],
  range: RowRange,
  tile: Tile,
  staged: Staged,
): void {
  const { count } = range;
  if (targets !== undefined) readRows(targets, layout, range, staged.targets, staged.line);
  else if (layout.classes === 1) staged.targets.set(tile.targets.subarray(0, count));
  else {
    staged.targets.fill(0, 0, count * layout.classes);
    for (let row = 0; row < count; row++) staged.targets[row * layout.classes + (tile.labels[row] ?? 0)] = 1;
  }
}

/** A rule sees zeros where a row is ignored, so that NaN there can reach nothing. */
function neutraliseIgnored({ keep, count }: Tile, width: number, { logits, targets }: Staged): void {
  for (let row = 0; row < count; row++) {
    if (keep[row] !== 0) continue;
    logits.fill(0, row * width, (row + 1) * width);
    targets.fill(0, row * width, (row + 1) * width);
  }
}

function findFault(
  { count }: Tile,
  width: number,
  logits: Float64Array,
  range: RowRange,
  { classes, inner }: Problem['layout'],
): ReturnType<Session['run']> {
  for (let i = 0; i < count * width; i++) {
    const value = logits[i] ?? Number.NaN;
    if (Number.isFinite(value)) continue;
    const row = range.first + Math.floor(i / width);
    const position = Math.floor(row / inner) * inner * classes + (i % width) * inner + (row % inner);
    return { kind: 'number', position, value };
  }
  return undefined;
}

/** Weights and the scale of the gradient; a weight of 0 leaves nothing, whatever the rule returned. */
function weigh(
  { losses, gradient, width }: RuleTile,
  { count, keep, weights, losses: out }: Tile,
  scale: number,
): void {
  for (let row = 0; row < count; row++) {
    const weight = keep[row] === 0 ? 0 : (weights[row] ?? 1);
    out[row] = weight === 0 ? 0 : weight * (losses[row] ?? 0);
    if (gradient === undefined) continue;
    const factor = weight * scale;
    for (let i = row * width; i < (row + 1) * width; i++) gradient[i] = factor === 0 ? 0 : factor * (gradient[i] ?? 0);
  }
}

import type { RowRange, Tile } from '@surprisal/core';
import { classVector, COUNTED, placeOf, type ClassVector, type PlanRows } from './plan-rows.js';
import { loadRange, type Region } from './plan-stage.js';
import type { TargetGroup } from './plan-targets.js';
import { RECORD, RECORD_LENGTH } from './row-records.js';

/** Target rows, staged as the logits are, and the vectors that their steps need; or v of a target that is spread. */
export interface TargetStage {
  readonly rows: Region;
  /** Bytes from one row to the next: 0 where all have the same v. */
  readonly stride: number;
  readonly vector: ClassVector | undefined;
  readonly groups: readonly StagedGroup[];
  /** The sum of each row that each group adds, for rows in parts. */
  readonly masses: Float64Array;
}

interface StagedGroup {
  readonly kept: ClassVector | undefined;
  readonly counted: ClassVector | undefined;
  readonly added: ClassVector | undefined;
}

export function createTargetStage({ stage, target }: PlanRows): TargetStage | undefined {
  if (target.kind === 'label') return undefined;
  const { capacity, part, type } = stage;
  if (target.kind === 'spread') {
    const all = type.size === 8 ? target.vector : new Float32Array(target.vector);
    const vector = { region: stage.reserve(part), all };
    return { rows: vector.region, stride: 0, vector, groups: [], masses: new Float64Array(0) };
  }
  const groups = target.groups.map(({ kept, counted, added }: TargetGroup) => ({
    kept: classVector(stage, kept),
    counted: classVector(stage, counted),
    added: classVector(stage, added),
  }));
  const masses = new Float64Array(groups.length);
  return { rows: stage.reserve(capacity * part), stride: type.size * part, vector: undefined, groups, masses };
}

/** Makes the target rows of a range, and keeps the mass of the class apart in their records. */
export function loadTargets(plan: PlanRows, targets: TargetStage, tile: Tile, range: RowRange): void {
  const { stage } = plan;
  const { numbers } = targets.rows;
  if (targets.vector !== undefined) placeOf(targets.vector, range.classFrom, range.classCount);
  else loadRaw(plan, targets, tile, range);
  targets.groups.forEach((group, index) => {
    applyGroup(plan, targets, group, range, stage.whole ? undefined : targets.masses[index]);
  });
  const records = stage.records.numbers;
  for (let row = 0; row < range.count; row++) {
    const start = targets.stride === 0 ? 0 : row * range.classCount;
    const index = records[row * RECORD_LENGTH + RECORD.APART] - range.classFrom;
    if (index >= 0 && index < range.classCount) records[row * RECORD_LENGTH + RECORD.OWN_MASS] = numbers[start + index];
  }
}

/** The sums that the groups of a row in parts add, each of the row as the groups before leave it. */
export function sumMasses(plan: PlanRows, targets: TargetStage, tile: Tile): void {
  const { classes, part } = plan.stage;
  targets.groups.forEach((group, index) => {
    if (group.counted === undefined) return;
    for (let from = 0; from < classes; from += part) {
      const range = { first: tile.first, count: 1, classFrom: from, classCount: Math.min(part, classes - from) };
      loadRaw(plan, targets, tile, range);
      for (let before = 0; before < index; before++)
        applyGroup(plan, targets, targets.groups[before], range, targets.masses[before]);
      addMasses(plan, targets, group, range);
    }
    targets.masses[index] = takeMass(plan, 0);
  });
}

function addMasses({ stage }: PlanRows, { rows }: TargetStage, { counted }: StagedGroup, range: RowRange): void {
  const { functions, records } = stage;
  const { classFrom, classCount, count } = range;
  functions.addMasses(rows.at, placeOf(counted, classFrom, classCount), records.at, classCount, count);
}

function takeMass({ stage }: PlanRows, row: number): number {
  const records = stage.records.numbers;
  const at = row * RECORD_LENGTH + RECORD.MASS;
  const mass = records[at] + records[at + 1];
  records[at] = 0;
  records[at + 1] = 0;
  return mass;
}

/** Applies a group of steps; `mass` is what it adds where that is known. */
function applyGroup(
  plan: PlanRows,
  targets: TargetStage,
  group: StagedGroup,
  range: RowRange,
  mass: number | undefined,
): void {
  const { functions, records } = plan.stage;
  const { classFrom, classCount, count } = range;
  const { kept, added } = group;
  if (added !== undefined && mass === undefined) addMasses(plan, targets, group, range);
  for (let row = 0; row < count; row++)
    records.numbers[row * RECORD_LENGTH + RECORD.SHARE] = mass ?? takeMass(plan, row);
  if (kept === undefined) return;
  const ofKept = placeOf(kept, classFrom, classCount);
  const ofAdded = placeOf(added, classFrom, classCount);
  functions.mixRows(targets.rows.at, ofKept, ofAdded, records.at, classCount, count);
}

/** Target rows before their steps: those of the call, or one at the label. */
function loadRaw({ stage, problem, states }: PlanRows, { rows }: TargetStage, tile: Tile, range: RowRange): void {
  const { count, classFrom, classCount } = range;
  const { numbers } = rows;
  if (problem.targets !== undefined) {
    loadRange(stage, problem.targets, range, rows);
    // Nothing of an ignored row is looked at.
    for (let row = 0; row < count; row++)
      if (states[row] !== COUNTED) numbers.fill(0, row * classCount, (row + 1) * classCount);
    return;
  }
  numbers.fill(0, 0, count * classCount);
  for (let row = 0; row < count; row++) {
    const index = tile.labels[row] - classFrom;
    if (index >= 0 && index < classCount) numbers[row * classCount + index] = 1;
  }
}

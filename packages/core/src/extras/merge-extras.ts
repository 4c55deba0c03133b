import { rangeError } from '../errors.js';
import type { EvaluationData } from '../evaluation.js';
import type { ClassTotals, ExtraData } from './extra-data.js';
import { addParts, emptyTotals, extraFields, type RunningBin, type RunningClass } from './extra-fields.js';

/**
 * What the parts of an evaluation hold beside their sums, of all together.
 *
 * @throws RangeError where one holds what the first does not, or for other classes or bins.
 */
export function mergeExtras(parts: readonly EvaluationData[]): ExtraData {
  const [first] = parts;
  if (first === undefined) return {};
  for (const [index, part] of parts.entries()) refuseOther(first, part, index);
  const totals = emptyTotals({
    classes: first.perClass?.length,
    bins: first.calibration?.length,
    accuracy: first.correct !== undefined,
    floor: first.floorSum !== undefined,
  });
  for (const { perClass, calibration, correct, floorSum, floorTail, excessSum, excessTail } of parts) {
    totals.perClass?.forEach((running, index) => addClass(running, perClass?.[index]));
    totals.bins?.forEach((running, index) => addBin(running, calibration?.[index]));
    if (totals.floor && floorSum) addParts(totals.floor, floorSum, floorTail);
    if (totals.excess && excessSum) addParts(totals.excess, excessSum, excessTail);
    if (totals.correct !== undefined) totals.correct += correct ?? 0;
  }
  return extraFields(totals);
}

function addClass(running: RunningClass, part: ClassTotals | undefined): void {
  if (part === undefined) return;
  addParts(running.sum, part.sum, part.sumTail);
  addParts(running.weight, part.weight, part.weightTail);
  running.rows += part.rows;
  if (running.correct !== undefined) running.correct += part.correct ?? 0;
}

function addBin(running: RunningBin, part: NonNullable<ExtraData['calibration']>[number] | undefined): void {
  if (part === undefined) return;
  addParts(running.confidence, part.confidence, part.confidenceTail);
  running.rows += part.rows;
  running.correct += part.correct;
}

function refuseOther(first: ExtraData, part: ExtraData, index: number): void {
  for (const name of ['perClass', 'correct', 'calibration', 'floorSum'] as const) {
    const [wanted, got] = [described(first, name), described(part, name)];
    if (wanted === got) continue;
    throw rangeError({
      of: 'mergeEvaluations',
      argument: `parts[${String(index)}].${name}`,
      requirement: `${wanted} like the first part`,
      got,
      fix: 'ask for the same in every call',
    });
  }
}

function described(data: ExtraData, name: 'perClass' | 'correct' | 'calibration' | 'floorSum'): string {
  if (data[name] === undefined) return 'nothing';
  if (name === 'correct') return 'a count';
  if (name === 'floorSum') return 'a sum';
  return `${String(data[name].length)} ${name === 'perClass' ? 'classes' : 'bins'}`;
}

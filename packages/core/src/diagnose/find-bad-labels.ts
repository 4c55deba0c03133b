import type { Call } from '../call.js';
import { show } from '../errors.js';
import { refusedFinding } from './describe-refusal.js';
import type { Finding } from './finding.js';
import { keptRows, labelsOf } from './kept-rows.js';

/** What the labels of a call add up to. */
interface Labels {
  /** Positions out of range, and what stands at the first. */
  bad: number;
  first: number;
  value: number;
  smallest: number;
  largest: number;
  counted: number;
  /** Rows of each class. */
  readonly seen: Uint32Array;
}

/** Labels out of range, and classes that no row has. */
export function findBadLabels(call: Call): readonly Finding[] {
  let kept: Uint8Array;
  try {
    kept = keptRows(call);
  } catch (error) {
    return [refusedFinding(error)];
  }
  const labels = readLabels(call, kept);
  return labels.bad > 0 ? [outOfRange(call, labels)] : neverSeen(call, labels);
}

function readLabels(call: Call, kept: Uint8Array): Labels {
  const { unit, layout, targetRange } = call;
  const classes = unit === 'classes' ? layout.classes : 2;
  const labels: Labels = {
    bad: 0,
    first: -1,
    value: 0,
    smallest: Infinity,
    largest: -Infinity,
    counted: 0,
    seen: new Uint32Array(classes),
  };
  for (const [position, value] of labelsOf(call).entries()) {
    if (kept[position] === 0) continue;
    labels.counted++;
    labels.smallest = Math.min(labels.smallest, value);
    labels.largest = Math.max(labels.largest, value);
    const outcome = unit === 'classes' ? value : Number(value > 0.5);
    if (isTarget(call, value)) labels.seen[outcome] = (labels.seen[outcome] ?? 0) + 1;
    else if (!(targetRange === 'real' && Number.isFinite(value)) && labels.bad++ === 0) {
      labels.first = position;
      labels.value = value;
    }
  }
  return labels;
}

function isTarget({ unit, layout, hardOnly }: Call, value: number): boolean {
  if (unit === 'classes') return Number.isInteger(value) && value >= 0 && value < layout.classes;
  return hardOnly ? value === 0 || value === 1 : value >= 0 && value <= 1;
}

function outOfRange({ unit, layout }: Call, { bad, first, value, smallest, largest }: Labels): Finding {
  const range = unit === 'classes' ? `0..${String(layout.classes - 1)}` : '[0, 1]';
  return {
    code: 'label-out-of-range',
    severity: 'error',
    argument: 'targets',
    position: first,
    count: bad,
    cause: `targets[${String(first)}] is ${show(value)}, outside ${range}${bad > 1 ? `, as are ${String(bad - 1)} more` : ''}.`,
    fix: fixOf(unit === 'classes', smallest, largest, layout.classes, value),
  };
}

function fixOf(classes: boolean, smallest: number, largest: number, count: number, value: number): string {
  if (classes && smallest === 1 && largest === count) return 'the labels count from 1: subtract 1 from each';
  if (Number.isInteger(value) && value < 0)
    return `if the label marks what is to be left out, pass ignoreIndex: ${String(value)}`;
  if (!classes) return 'binary targets are 0, 1 or between; of classes use categoricalCrossEntropy';
  return 'number the classes 0 to C - 1, or give the logits a class for every label';
}

/** Only where there are rows enough for each class to have one. */
function neverSeen({ unit, layout, targetRange }: Call, { seen, counted }: Labels): readonly Finding[] {
  if (counted < seen.length || targetRange === 'real') return [];
  const missing = [...seen.entries()].flatMap(([index, rows]) => (rows === 0 ? [index] : []));
  const [first] = missing;
  if (first === undefined) return [];
  const named = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', ...' : '');
  const what = unit === 'classes' ? `class ${named}` : `outcome ${named}`;
  return [
    {
      code: 'class-never-seen',
      severity: 'warning',
      argument: 'targets',
      position: first,
      count: missing.length,
      cause: `No target among ${String(counted)} is ${what}${unit === 'classes' ? ` of 0..${String(layout.classes - 1)}` : ''}: nothing but other classes' rows moves it.`,
      fix: 'look at how the data were split or shuffled; class weights of an empty class need a choice of their own',
    },
  ];
}

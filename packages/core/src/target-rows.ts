import type { Call } from './call.js';
import { positionOf, readRows } from './number-source.js';
import { rangeError, show } from './errors.js';

/** Classes read at once; a row of 250,000 needs no more memory than one of 4,000. */
const CHUNK = 4096;

/** How far a row of probabilities may be from summing to one: rounding of float32 softmax outputs, or of float64. */
const TOLERANCE = { float16: 1e-3, float32: 1e-4, float64: 1e-9 } as const;

/** Sums of one row: of q_c, and of k_c q_c. */
const MASS = 0;
const COUNTED = 1;

/** Checks row `row` of probability targets and returns its mean counted weight sum_c k_c q_c / sum_c q_c, 1 where q has no mass. */
export type TargetRowReader = (row: number) => number;

/** How the probability targets of a call are checked and counted, row by row. */
export function targetRowReader(call: Call): TargetRowReader {
  const add = rowAdder(call);
  const isSound = soundness(call);
  const sums = new Float64Array(2);
  const { counted } = call.plan;
  return (row) => {
    sums.fill(0);
    const hasNegative = add(row, sums);
    const mass = sums[MASS] ?? 0;
    if (!isSound(mass, hasNegative)) checkRow(call, row);
    return mass === 0 || counted === undefined ? 1 : (sums[COUNTED] ?? 0) / mass;
  };
}

/**
 * Whether the sum of a row says that no number of it is wrong. What is not negative and sums to one is at most one. NaN and
 * infinities show in the sum.
 */
function soundness({ targetRange, choices, targets }: Call): (mass: number, hasNegative: boolean) => boolean {
  if (targetRange === 'real') return (mass) => Number.isFinite(mass);
  if (choices.unnormalized) return (mass, hasNegative) => !hasNegative && mass < Infinity;
  // A little less than the tolerance, whatever the order in which numbers are added; float16 has none between 1 and 1 + 9.7e-4.
  const { type } = targets.numbers.source;
  const tolerance = (type === 'float16' ? 0.9 : 0.999) * TOLERANCE[type];
  return (mass, hasNegative) => !hasNegative && Math.abs(mass - 1) <= tolerance;
}

/** Adds up a row; returns whether some number is negative. */
type RowAdder = (row: number, sums: Float64Array) => boolean;

function rowAdder({ layout, plan, targets }: Call): RowAdder {
  const { source } = targets.numbers;
  const { classes } = layout;
  if (source.data instanceof Float32Array && layout.inner === 1 && plan.counted === undefined) {
    const { data } = source;
    return (row, sums) => addMass(data, row * classes, (row + 1) * classes, sums);
  }
  const chunk = new Float64Array(Math.min(classes, CHUNK));
  const line = new Float64Array(1);
  const counted = plan.counted ?? new Float64Array(classes).fill(1);
  return (row, sums) => {
    let hasNegative = false;
    for (let classFrom = 0; classFrom < classes; classFrom += CHUNK) {
      const classCount = Math.min(CHUNK, classes - classFrom);
      readRows(source, layout, { first: row, count: 1, classFrom, classCount }, chunk, line);
      if (addCounted(chunk, classCount, counted, classFrom, sums)) hasNegative = true;
    }
    return hasNegative;
  };
}

/** Four sums at once, and no array of another type: a third of the time of one sum. */
function addMass(values: Float32Array, from: number, to: number, sums: Float64Array): boolean {
  let hasNegative = false;
  let sumA = 0;
  let sumB = 0;
  let sumC = 0;
  let sumD = 0;
  let at = from;
  for (; at + 3 < to; at += 4) {
    const a = values[at] ?? 0;
    const b = values[at + 1] ?? 0;
    const c = values[at + 2] ?? 0;
    const d = values[at + 3] ?? 0;
    if (a < 0 || b < 0 || c < 0 || d < 0) hasNegative = true;
    sumA += a;
    sumB += b;
    sumC += c;
    sumD += d;
  }
  for (; at < to; at++) {
    const value = values[at] ?? 0;
    if (value < 0) hasNegative = true;
    sumA += value;
  }
  sums[MASS] = sumA + sumB + (sumC + sumD);
  return hasNegative;
}

/** The same of a chunk, with k. */
function addCounted(
  values: Float64Array,
  count: number,
  counted: Float64Array,
  first: number,
  sums: Float64Array,
): boolean {
  let hasNegative = false;
  let mass = sums[MASS] ?? 0;
  let sum = sums[COUNTED] ?? 0;
  for (let c = 0; c < count; c++) {
    const value = values[c] ?? 0;
    if (value < 0) hasNegative = true;
    mass += value;
    sum += value * (counted[first + c] ?? 1);
  }
  sums[MASS] = mass;
  sums[COUNTED] = sum;
  return hasNegative;
}

/** Looks at the numbers of a row one by one, and says what is wrong with the first that is, or with their sum. */
function checkRow(call: Call, row: number): void {
  const { layout, choices, targetRange, targets } = call;
  const { source } = targets.numbers;
  const real = targetRange === 'real';
  const one = new Float64Array(1);
  let mass = 0;
  for (let column = 0; column < layout.classes; column++) {
    source.read(positionOf(layout, row, column), 1, one);
    const target = one[0] ?? Number.NaN;
    if (!isTarget(target, real, choices.unnormalized)) throw badTarget(call, row, column, target);
    mass += target;
  }
  if (!real && !choices.unnormalized && !(Math.abs(mass - 1) <= TOLERANCE[source.type])) throw badSum(call, row, mass);
}

function isTarget(target: number, real: boolean, unnormalized: boolean): boolean {
  if (real) return Number.isFinite(target);
  return target >= 0 && (unnormalized ? target < Infinity : target <= 1 + TOLERANCE.float32);
}

function badTarget(
  { of, layout, targetRange, choices }: Call,
  row: number,
  column: number,
  target: number,
): RangeError {
  const requirement =
    targetRange === 'real'
      ? 'a finite number'
      : choices.unnormalized
        ? 'a finite number of at least 0'
        : 'a probability in [0, 1]';
  return rangeError({
    of,
    argument: `targets[${String(positionOf(layout, row, column))}]`,
    requirement,
    got: show(target),
  });
}

function badSum({ of, layout }: Call, row: number, mass: number): RangeError {
  return rangeError({
    of,
    argument: `targets[${String(positionOf(layout, row, 0))}]`,
    requirement: `a row of probabilities that sums to 1 (row ${String(row)})`,
    got: `a sum of ${show(mass)}`,
    fix: 'for multi-hot or other unnormalised targets pass unnormalized: true',
  });
}

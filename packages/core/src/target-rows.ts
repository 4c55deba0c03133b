import type { Call } from './call.js';
import { positionOf, readRows } from './number-source.js';
import { rangeError, show } from './errors.js';

/** Classes read at once; a row of 250,000 needs no more memory than one of 4,000. */
const CHUNK = 4096;

/** How far a row of probabilities may be from summing to one: rounding of float32 softmax outputs, or of float64. */
const TOLERANCE = { float16: 1e-3, float32: 1e-4, float64: 1e-9 } as const;

/** Checks row `row` of probability targets and returns its mean counted weight sum_c k_c q_c / sum_c q_c, 1 where q has no mass. */
export type TargetRowReader = (row: number) => number;

/** How the probability targets of a call are checked and counted, row by row. */
export function targetRowReader(call: Call): TargetRowReader {
  const { layout, plan, choices, targetRange, targets } = call;
  const { source } = targets.numbers;
  const chunk = new Float64Array(Math.min(layout.classes, CHUNK));
  const line = new Float64Array(1);
  const real = targetRange === 'real';
  return (row) => {
    let mass = 0;
    let counted = 0;
    for (let classFrom = 0; classFrom < layout.classes; classFrom += CHUNK) {
      const classCount = Math.min(CHUNK, layout.classes - classFrom);
      readRows(source, layout, { first: row, count: 1, classFrom, classCount }, chunk, line);
      for (let c = 0; c < classCount; c++) {
        const target = chunk[c] ?? Number.NaN;
        if (!isTarget(target, real, choices.unnormalized)) throw badTarget(call, row, classFrom + c, target);
        mass += target;
        counted += target * (plan.counted?.[classFrom + c] ?? 1);
      }
    }
    if (!real && !choices.unnormalized && !(Math.abs(mass - 1) <= TOLERANCE[source.type]))
      throw badSum(call, row, mass);
    return mass === 0 || plan.counted === undefined ? 1 : counted / mass;
  };
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

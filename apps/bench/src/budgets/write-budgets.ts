import type { Accuracy, Size } from '../records/accuracy-record.js';
import { writeTextFile } from '../records/write-file.js';
import { BUDGETS_SCHEMA, type AccuracyBudget, type Budgets, type SizeBudget } from './budgets.js';
import { largestError, shareRounded } from './hold-against.js';

/** Compressors of two versions of Node differ by less: a hundredth, and no change for a few bytes. */
const ROOM = 1.01;
const STEP = 100;

/** What was measured; `whole` says that nothing was left out, so that other budgets are of what exists no more. */
export interface Measured {
  readonly accuracy: readonly Accuracy[];
  readonly sizes: readonly Size[];
  readonly whole: boolean;
}

/** Budgets as close as they may be to what was measured; those of what was not measured stay. */
export function budgetsOf({ accuracy, sizes, whole }: Measured, before: Budgets): Budgets {
  const kept = whole ? { accuracy: {}, sizes: {} } : before;
  const rows = accuracy.flatMap((row): [string, AccuracyBudget][] => {
    const budget = accuracyBudget(row);
    return budget === undefined ? [] : [[row.id, budget]];
  });
  const packages = sizes.map((size): [string, SizeBudget] => [
    size.package,
    { gzipBytes: Math.ceil((size.gzipBytes * ROOM) / STEP) * STEP },
  ]);
  return {
    schema: BUDGETS_SCHEMA,
    accuracy: sorted({ ...kept.accuracy, ...Object.fromEntries(rows) }),
    sizes: sorted({ ...kept.sizes, ...Object.fromEntries(packages) }),
  };
}

/** Writes budgets as the formatter of the repository would. */
export function writeBudgets(file: string, budgets: Budgets): void {
  writeTextFile(file, `${JSON.stringify(budgets, null, 2)}\n`);
}

const RELAXED = 'fused operations differ from processor to processor: the documented bound';
const WRONG = 'above the documented bound when this was written: the bound';

/**
 * The largest error, rounded up in its second digit, and the share of correctly rounded results, rounded down to a
 * ten-thousandth: the engines give the same bits on every machine. A relaxed engine does not. No budget is above the documented bound.
 */
function accuracyBudget(row: Accuracy): AccuracyBudget | undefined {
  const { axes, status, budget: bound } = row;
  if (axes.engine === undefined || status === 'missing' || bound === undefined) return undefined;
  const largest = largestError(row);
  if (!(largest <= bound)) return { largest: bound, reason: WRONG };
  if (axes.engine.includes('relaxed')) return { largest: bound, reason: RELAXED };
  return {
    largest: Math.min(roundUp(largest), bound),
    correctlyRounded: Math.floor(10_000 * shareRounded(row)) / 10_000,
  };
}

/** Up, in the second digit: 2.314 is 2.4. */
function roundUp(value: number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 1);
  return Number((Math.ceil(value / unit) * unit).toPrecision(2));
}

function sorted<Budget>(budgets: Readonly<Record<string, Budget>>): Record<string, Budget> {
  return Object.fromEntries(Object.entries(budgets).sort(([one], [other]) => (one < other ? -1 : 1)));
}

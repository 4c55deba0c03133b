/** Runs the cases of a file and counts what came of them. */
import type { CaseFile } from './read-cases.js';
import { runCase, type Outcome, type Status } from './run-case.js';

export type Counts = Readonly<Record<Status, number>>;

export interface FileReport {
  readonly file: string;
  readonly cases: number;
  readonly counts: Counts;
  /** Largest error of the cases that passed, as a multiple of the allowed one. */
  readonly share?: number | undefined;
  /** Largest errors of the cases that passed, in units in the last place. */
  readonly lossUlps?: number | undefined;
  readonly gradientUlps?: number | undefined;
  readonly outcomes: readonly Outcome[];
}

/** A file that could not be read counts as one failure. */
export function runFile({ name, source, cases, problem }: CaseFile, engine?: string): FileReport {
  const unreadable: Outcome[] = problem === undefined ? [] : [{ id: name, status: 'failed', reason: problem }];
  const outcomes = [...unreadable, ...cases.map((value, position) => runCase(value, position, { source, engine }))];
  const passed = outcomes.filter(({ status }) => status === 'passed');
  return {
    file: name,
    cases: cases.length,
    counts: count(outcomes),
    share: largest(passed.map(({ share }) => share)),
    lossUlps: largest(passed.map(({ ulps }) => ulps?.loss)),
    gradientUlps: largest(passed.map(({ ulps }) => ulps?.gradient)),
    outcomes,
  };
}

/** Counts of all files together. */
export function total(reports: readonly FileReport[]): Counts {
  return count(reports.flatMap(({ outcomes }) => outcomes));
}

function count(outcomes: readonly Outcome[]): Counts {
  const counts = { passed: 0, failed: 0, refused: 0, 'other definition': 0, 'not yet': 0 };
  for (const { status } of outcomes) counts[status] += 1;
  return counts;
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

import { loadRegistry } from '../measure/load-plugins.js';
import { measureGroup, type GroupOptions } from '../measure/measure-group.js';
import type { ProcessReport } from '../measure/protocol.js';
import { logRatios, nanoseconds } from '../measure/ratios.js';
import { JobFailure } from '../measure/run-process.js';
import { runSteps, type StepResults } from '../suites/run-stages.js';
import { compareGroups, type CompareGroup, type CompareRow } from './compare-rows.js';
import { confirms, decide, isUnproven, type Look, type Paired } from './decide.js';

/** A row with what was found of it. */
export interface ComparedRow {
  readonly row: CompareRow;
  readonly look: Look;
  /** Nanoseconds of an element on each side. */
  readonly base: number;
  readonly head: number;
  readonly verdict: Look['seems'];
  /** Whether fresh processes found the difference again; absent where there was none. */
  readonly confirmed?: boolean;
  readonly reason?: string;
}

/** What a comparison found. */
export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** Groups of which an output was wrong or a program threw. */
  readonly failures: readonly { readonly title: string; readonly kind: JobFailure['kind']; readonly message: string }[];
  readonly complete: boolean;
}

/** How to compare: sides `base` and `head` are among the options' sides. */
export interface CompareOptions extends GroupOptions {
  readonly only?: string | undefined;
  /** Only losses without wrappers and options. */
  readonly bare?: boolean;
}

interface MeasuredGroup {
  readonly group: CompareGroup;
  readonly reports: readonly ProcessReport[];
  readonly failure?: JobFailure;
}

/** Measures every loss that both sides can make, decides row by row, and measures again what seems different. */
export async function compareBuilds(options: CompareOptions): Promise<Comparison> {
  const { base = [], head = [] } = options.sides;
  const groups = compareGroups(await loadRegistry(base), await loadRegistry(head), options.only);
  const chosen = options.bare === true ? groups.filter(({ rows }) => rows.every(isBare)) : groups;
  return decideGroups(await measureAll(chosen, options), options);
}

function isBare({ axes: { loss, options } }: CompareRow): boolean {
  return options === undefined && !loss.includes('(');
}

/** The decision, of groups already measured. */
export async function decideGroups(
  { results, complete }: StepResults<MeasuredGroup>,
  options: CompareOptions,
  run: typeof runSteps = runSteps,
): Promise<Comparison> {
  const pairs = results.flatMap(({ group, reports }) =>
    reports.length === 0 ? [] : group.rows.map((row) => ({ group, row, reports, paired: pairedOf(row, reports) })),
  );
  const looks = decide(pairs.map(({ paired }) => paired));
  const different = pairs.filter((_, index) => isDifferent(looks[index]));
  const again = await measureAll(
    [...new Set(different.map(({ group }) => group))],
    { ...options, seed: options.seed + 500_000 },
    run,
  );
  const rows = pairs.flatMap(({ row, group, reports }, index): ComparedRow[] => {
    const look = looks[index];
    if (look === undefined) return [];
    const times = {
      base: nanoseconds(reports, row.base)?.value ?? NaN,
      head: nanoseconds(reports, row.head)?.value ?? NaN,
    };
    const second = again.results.find(({ group: { id } }) => id === group.id);
    return [{ row, look, ...times, ...verdictOf(row, look, second) }];
  });
  const failures = [...results, ...again.results].flatMap(({ group, failure }) =>
    failure === undefined ? [] : [{ title: group.title, kind: failure.kind, message: failure.message }],
  );
  return { rows, failures, complete: complete && again.complete };
}

function isDifferent(look: Look | undefined): boolean {
  return look?.seems === 'worse' || look?.seems === 'better';
}

function pairedOf(row: CompareRow, reports: readonly ProcessReport[]): Paired {
  return { id: row.id, logs: logRatios(reports, row.head, row.base), unproven: isUnproven(reports) };
}

function verdictOf(
  row: CompareRow,
  look: Look,
  again: MeasuredGroup | undefined,
): Pick<ComparedRow, 'verdict' | 'confirmed' | 'reason'> {
  if (look.unproven) return { verdict: 'inconclusive', reason: 'the two copies of the anchor did not agree' };
  if (look.seems === 'inconclusive')
    return { verdict: 'inconclusive', reason: 'a difference of 5% could have been missed' };
  if (look.seems === 'same') return { verdict: 'same' };
  const confirmed = again !== undefined && again.reports.length > 0 && confirms(look, pairedOf(row, again.reports));
  const percent = (100 * Math.abs(Math.expm1(look.median))).toFixed(1);
  return confirmed
    ? { verdict: look.seems, confirmed, reason: `${look.seems === 'worse' ? 'slower' : 'faster'} by ${percent}%` }
    : { verdict: 'inconclusive', confirmed, reason: `${percent}% at first, not found again in fresh processes` };
}

async function measureAll(
  groups: readonly CompareGroup[],
  options: CompareOptions,
  run: typeof runSteps = runSteps,
): Promise<StepResults<MeasuredGroup>> {
  return run(
    groups.map((group) => ({
      title: group.title,
      run: async (note) => {
        try {
          return { group, reports: await measureGroup(group, { ...options, note }) };
        } catch (error) {
          if (!(error instanceof JobFailure)) throw error;
          return { group, reports: [], failure: error };
        }
      },
    })),
  );
}

/** 1: a regression was confirmed; 4: an output is wrong; 3: some row is inconclusive; 0: all are the same or better. */
export function compareExitCode({ rows, failures, complete }: Comparison): 0 | 1 | 3 | 4 {
  if (failures.length > 0) return 4;
  if (rows.some(({ verdict }) => verdict === 'worse')) return 1;
  return complete && rows.every(({ verdict }) => verdict !== 'inconclusive') ? 0 : 3;
}

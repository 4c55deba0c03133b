import { createHash } from 'node:crypto';
import type { RunRecord } from '../records/run-record.js';
import { machineClass } from '../records/series.js';

/** The folder of the runs, in a data folder and in a data branch alike. */
export const RUNS = 'runs';

/**
 * Where a record lies in the history: `runs/2026/20261124T203158.123Z_518fc2c0d1e2_linux-x64-0a1b2c3d.json`. Time, commit and class
 * of machine (a hash stands for its long name) tell the runs apart; a new one never needs the name of an older.
 */
export function runFile(record: RunRecord): string {
  const { time, commit, machine } = record;
  const stamp = time.replaceAll(/[-:]/g, '');
  const revision = commit === undefined ? 'no-commit' : commit.id.slice(0, 12) + (commit.dirty ? '-dirty' : '');
  const hash = createHash('sha256').update(machineClass(machine)).digest('hex').slice(0, 8);
  const system = `${machine.os}-${machine.arch}`.replaceAll(/[^\w-]/g, '');
  return `${RUNS}/${time.slice(0, 4)}/${stamp}_${revision}_${system}-${hash}.json`;
}

/** What a history holds, read: whole records in the order of their times, and what had to be left out. */
export interface History {
  readonly runs: readonly Run[];
  readonly skipped: readonly Skipped[];
}

export interface Run {
  readonly file: string;
  readonly record: RunRecord;
}

/** A file that is no whole record of a schema that this program reads. */
export interface Skipped {
  readonly file: string;
  readonly reason: string;
}

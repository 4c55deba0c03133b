import { existsSync, statSync } from 'node:fs';
import type { Commit, RunRecord } from '../records/run-record.js';
import { readRecordFile } from './record-file.js';
import { buildRef, commitOf } from './git-side.js';
import { modulesOfBuild } from './modules-of-build.js';

/** One side of a comparison, ready. */
export type Side = BuildSide | RecordSide;

export interface BuildSide {
  readonly kind: 'build';
  readonly label: string;
  readonly folder: string;
  readonly modules: readonly string[];
  readonly commit?: Commit;
  readonly remove: () => Promise<void>;
}

export interface RecordSide {
  readonly kind: 'record';
  readonly label: string;
  readonly record: RunRecord;
}

/** What no side can be made of; the message says what was expected. */
export class NoSide extends Error {}

/**
 * A folder is a build, a `.json` file a record, anything else a git ref, which is built, by the command
 * `prepare` where one is given.
 */
export async function resolveSide(label: string, note: (text: string) => void, prepare?: string): Promise<Side> {
  if (existsSync(label)) {
    if (!statSync(label).isDirectory()) return { kind: 'record', label, record: readRecordFile(label) };
    return { kind: 'build', label, folder: label, modules: modulesOfBuild(label), remove: () => Promise.resolve() };
  }
  if (!(await isRef(label))) throw new NoSide(`'${label}' expected a folder with a build, a record, or a git ref`);
  const { folder, commit, remove } = await buildRef(label, note, prepare);
  try {
    return { kind: 'build', label, folder, modules: modulesOfBuild(folder), commit, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function isRef(label: string): Promise<boolean> {
  try {
    return (await commitOf(label)) !== '';
  } catch {
    return false;
  }
}

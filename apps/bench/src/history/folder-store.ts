import { readFile, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { HistoryError } from './history-error.js';
import { readRuns, type RunText } from './read-runs.js';
import { runFile, RUNS, type History, type Skipped } from './run-file.js';
import { UNFINISHED, writeNewFile } from './write-new-file.js';

/** What publishing did. */
export interface Published {
  /** Where the run lies: a path, or `branch:path`. */
  readonly file: string;
  readonly outcome: 'written' | 'already there';
}

/** Adds a run to a data folder, which is made where there is none. */
export async function publishToFolder(folder: string, record: RunRecord): Promise<Published> {
  const text = writeRecord(record);
  const file = join(folder, runFile(record));
  return { file, outcome: await writeNewFile(file, text) };
}

/**
 * Reads every run of a data folder.
 *
 * @throws HistoryError where there is no such folder.
 */
export async function readFolder(folder: string): Promise<History> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new HistoryError(`history: "${folder}" expected a data folder, got ${found ? 'a file' : 'nothing there'}`);
  const names = await readdir(join(folder, RUNS), { recursive: true }).catch((): string[] => []);
  const paths = names.sort().map((name) => `${RUNS}/${name}`);
  const texts: RunText[] = [];
  for (const path of paths.filter(isRunFile))
    texts.push({ file: path, text: await readFile(join(folder, path), 'utf8') });
  const { runs, skipped } = readRuns(texts);
  return { runs, skipped: [...skipped, ...paths.filter(isUnfinished).map(explainUnfinished)] };
}

/** Whether a path of a history is one of a run. */
export function isRunFile(path: string): boolean {
  return path.endsWith('.json') && !isUnfinished(path);
}

function isUnfinished(path: string): boolean {
  return basename(path).startsWith(UNFINISHED);
}

function explainUnfinished(file: string): Skipped {
  return { file, reason: `${file} was left by a publish that was ended; it may be deleted` };
}

import { RecordError } from '../records/record-error.js';
import { readRecord } from '../records/record-text.js';
import type { History, Run, Skipped } from './run-file.js';

/** A file of a history: where it is, and its text. */
export interface RunText {
  readonly file: string;
  readonly text: string;
}

/** Reads what it can; every other file is named with the reason. */
export function readRuns(texts: readonly RunText[]): History {
  const runs: Run[] = [];
  const skipped: Skipped[] = [];
  for (const { file, text } of texts) {
    try {
      runs.push({ file, record: readRecord(text, file) });
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      skipped.push({ file, reason: error.message });
    }
  }
  return { runs: runs.sort(byTime), skipped };
}

function byTime(one: Run, other: Run): number {
  return compareText(timeKey(one), timeKey(other)) || compareText(one.file, other.file);
}

/** Times with and without fractions of a second sort as text once the Z is gone. */
function timeKey({ record }: Run): string {
  return record.time.replace('Z', '');
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

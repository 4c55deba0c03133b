import { readFileSync } from 'node:fs';
import { readRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';

/** The record in a file. @throws what `readRecord` throws of a malformed one. */
export function readRecordFile(path: string): RunRecord {
  return readRecord(readFileSync(path, 'utf8'), path);
}

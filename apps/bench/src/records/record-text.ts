import { checkRecord } from './check-record.js';
import { stringifyNumbers } from './non-finite.js';
import { RecordError } from './record-error.js';
import type { RunRecord } from './run-record.js';

/**
 * The text of a record's file. NaN and infinities become their names.
 *
 * @throws RecordError where a reader would refuse the text.
 */
export function writeRecord(record: RunRecord): string {
  const text = `${stringifyNumbers(record, 1)}\n`;
  readRecord(text, 'record');
  return text;
}

/**
 * Reads the text of a record's file; `source` names it in errors. Keys that are not known stay and are ignored.
 *
 * @throws RecordError where it is not a whole, well-formed record of the schema that this program reads.
 */
export function readRecord(text: string, source: string): RunRecord {
  if (text.trim() === '') throw new RecordError(`${source} expected a run record, got an empty file`);
  return checkRecord(parse(text, source), source);
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const end = text.trimEnd().endsWith('}') ? '' : '. It may not have been written to its end';
    throw new RecordError(`${source} expected JSON, got text that is none: ${error.message}${end}`);
  }
}

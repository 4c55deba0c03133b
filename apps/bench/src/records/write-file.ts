import { appendFileSync, writeFileSync } from 'node:fs';
import { RecordError } from './record-error.js';

/**
 * Writes what a command was asked to write into a file.
 *
 * @throws RecordError where the file cannot be written: its folder is missing, the disk is full.
 */
export function writeTextFile(file: string, text: string): void {
  orFault(file, () => writeFileSync(file, text));
}

/** The same at the end of a file. */
export function appendTextFile(file: string, text: string): void {
  orFault(file, () => appendFileSync(file, text));
}

function orFault(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw new RecordError(`"${file}" cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

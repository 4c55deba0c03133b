/** Finds the case files of a folder. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readFields } from './read-json.js';

/** A file of the format; its cases are read one by one, so that a malformed one leaves the others. */
export interface CaseFile {
  readonly name: string;
  readonly source: string;
  readonly cases: readonly unknown[];
  /** Why the file could not be read. */
  readonly problem?: string;
}

/** Every JSON file of a folder, by name; or one file. */
export async function readCaseFiles(path: string): Promise<readonly CaseFile[]> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? (await readdir(path)).filter((name) => name.endsWith('.json')).sort() : [''];
  return Promise.all(names.map((name) => readCaseFile(join(path, name))));
}

async function readCaseFile(path: string): Promise<CaseFile> {
  try {
    return parseCaseFile(basename(path), await readFile(path, 'utf8'));
  } catch (error) {
    return {
      name: basename(path),
      source: '',
      cases: [],
      problem: error instanceof Error ? error.message : String(error),
    };
  }
}

/** A file's text. */
function parseCaseFile(name: string, text: string): CaseFile {
  const { source, cases } = readFields(JSON.parse(text), name);
  if (!Array.isArray(cases)) return { name, source: '', cases: [], problem: 'no list "cases"' };
  return { name, source: typeof source === 'string' ? source : '', cases };
}

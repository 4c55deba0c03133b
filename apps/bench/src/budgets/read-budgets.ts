import { readFileSync } from 'node:fs';
import { recordError, RecordError } from '../records/record-error.js';
import { faultBy } from '../records/validate-schema.js';
import { BUDGETS_SCHEMA, type Budgets } from './budgets.js';

/** Published with the package: the same file beside `src` and beside `dist`. */
const BUDGETS_SCHEMA_FILE: URL = new URL('../../schema/budgets-1.schema.json', import.meta.url);

const budgetsFault = faultBy(BUDGETS_SCHEMA_FILE, 'budgets');

/**
 * The budgets in a file.
 *
 * @throws RecordError where it cannot be read, or is no budgets file of the schema that this program reads.
 */
export function readBudgets(file: string): Budgets {
  const value = parse(readText(file), file);
  const { schema } = (value ?? {}) as { readonly schema?: unknown };
  if (schema !== BUDGETS_SCHEMA) throw recordError(file, 'schema', JSON.stringify(BUDGETS_SCHEMA), schema);
  const fault = budgetsFault(value, file);
  if (fault !== undefined) throw fault;
  return value as Budgets;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RecordError(`"${file}" expected budgets, got no file that can be read`, { cause: error });
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError(`${file} expected JSON, got text that is none: ${(error as Error).message}`);
  }
}

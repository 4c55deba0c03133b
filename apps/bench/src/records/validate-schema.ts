import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { recordError, type RecordError } from './record-error.js';

/** The schema that is published with the package: the same file beside `src` and beside `dist`. */
export const RUN_SCHEMA_FILE: URL = new URL('../../schema/run-1.schema.json', import.meta.url);

let compiled: ValidateFunction | undefined;

/** Why a value is no run record by the schema; undefined where it is one. */
export function schemaFault(value: unknown, source: string): RecordError | undefined {
  compiled ??= new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, verbose: true }).compile(
    JSON.parse(readFileSync(RUN_SCHEMA_FILE, 'utf8')) as object,
  );
  if (compiled(value)) return undefined;
  // The last is the outermost that failed; "if" only says that its branch did.
  const error = compiled.errors?.filter(({ keyword }) => keyword !== 'if').at(-1);
  if (error === undefined) return recordError(source, '', 'a run record', value);
  const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  const got = missing === '' ? error.data : undefined;
  return recordError(source, pathText(error.instancePath + missing), expectedText(error), got);
}

/** `/benchmarks/3/status` as code says it: `benchmarks[3].status`. */
function pathText(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

function expectedText({ keyword, params, message }: ErrorObject): string {
  const list = (values: unknown): string => (values as unknown[]).map((value) => JSON.stringify(value)).join(', ');
  switch (keyword) {
    case 'required':
      return 'a value';
    case 'enum':
      return `one of ${list(params['allowedValues'])}`;
    case 'const':
      return JSON.stringify(params['allowedValue']);
    case 'type':
      return `a value of type ${[params['type']].flat().join(' or ')}`;
    case 'pattern':
      return `text like ${String(params['pattern'])}`;
    case 'anyOf':
      return 'a number, "NaN", "Infinity" or "-Infinity"';
    case 'oneOf':
      return 'either a version or why it is missing';
    default:
      return (message ?? keyword).replace(/^must (?:be |have )?/, '');
  }
}

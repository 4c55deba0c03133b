import { readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { recordError, type RecordError } from './record-error.js';

/** The schema that is published with the package: the same file beside `src` and beside `dist`. */
export const RUN_SCHEMA_FILE: URL = new URL('../../schema/run-1.schema.json', import.meta.url);

/** Why a value is no run record by the schema; undefined where it is one. */
export const schemaFault: SchemaFault = faultBy(RUN_SCHEMA_FILE, 'a run record');

/** Why a value is not what a schema says; undefined where it is. */
export type SchemaFault = (value: unknown, source: string) => RecordError | undefined;

/** A check by the schema in a file, which is compiled once, when it is first needed; `expected` is what it describes. */
export function faultBy(file: URL, expected: string): SchemaFault {
  let compiled: ValidateFunction | undefined;
  return (value, source) => {
    compiled ??= new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, verbose: true }).compile(
      JSON.parse(readFileSync(file, 'utf8')) as object,
    );
    return compiled(value) ? undefined : faultOf(compiled.errors ?? [], { expected, value, source });
  };
}

function faultOf(
  errors: readonly ErrorObject[],
  { expected, value, source }: { readonly expected: string; readonly value: unknown; readonly source: string },
): RecordError {
  // The last is the outermost that failed; "if" only says that its branch did.
  const error = errors.filter(({ keyword }) => keyword !== 'if').at(-1);
  if (error === undefined) return recordError(source, '', expected, value);
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

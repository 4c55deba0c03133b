import { kindError, rangeError, show } from './errors.js';
import type { JsonValue } from './json.js';
import type { Checked, OptionSpec, OptionSpecs } from './plugin.js';

/** Names that a loss' JSON uses itself. */
export const RESERVED_NAMES: readonly string[] = ['loss', 'of', 'version'];

/**
 * Checks options against their specs: refuses unknown keys and bad values, fills in defaults, and turns typed arrays
 * into plain numbers, so that what comes out is JSON.
 *
 * @throws TypeError for an unknown or missing key or a value of the wrong kind, RangeError for a value out of range.
 */
export function checkOptions<Options extends object>(
  of: string,
  specs: OptionSpecs<Options>,
  options: Options | undefined,
): Checked<Options> {
  const given = optionsObject(of, options);
  const table = specs as Readonly<Record<string, OptionSpec>>;
  for (const key of Object.keys(given))
    if (!Object.hasOwn(table, key)) throw unknownOption(of, key, Object.keys(table));
  const checked: Record<string, JsonValue> = {};
  for (const [key, spec] of Object.entries(table)) {
    const value = given[key] === undefined ? defaultOf(spec) : given[key];
    if (value !== undefined) checked[key] = checkOption(of, key, spec, value);
    else if (spec.optional !== true)
      throw kindError({ of, argument: key, requirement: requirementOf(spec), got: 'nothing' });
  }
  return Object.freeze(checked) as Checked<Options>;
}

/** The options that differ from their defaults, which is what JSON holds. */
export function withoutDefaults(specs: object, checked: object): Readonly<Record<string, JsonValue>> {
  const table = specs as Readonly<Record<string, OptionSpec>>;
  const entries = Object.entries(checked as Readonly<Record<string, JsonValue>>);
  return Object.fromEntries(entries.filter(([key, value]) => value !== defaultOf(table[key])));
}

function optionsObject(of: string, options: unknown): Readonly<Record<string, unknown>> {
  if (options === undefined) return {};
  if (typeof options === 'object' && options !== null && !Array.isArray(options))
    return options as Readonly<Record<string, unknown>>;
  throw kindError({ of, argument: 'options', requirement: 'an object', got: show(options) });
}

/** The complaint about a key that no spec names. */
function unknownOption(of: string, key: string, known: readonly string[]): TypeError {
  const requirement = known.length === 0 ? 'no options' : `one of the options ${known.join(', ')}`;
  return kindError({ of, argument: 'options', requirement, got: show(key) });
}

function defaultOf(spec: OptionSpec | undefined): JsonValue | undefined {
  return spec !== undefined && 'default' in spec ? spec.default : undefined;
}

function checkOption(of: string, argument: string, spec: OptionSpec, value: unknown): JsonValue {
  const wrongKind = (): TypeError => kindError({ of, argument, requirement: requirementOf(spec), got: show(value) });
  switch (spec.kind) {
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongKind();
      return value;
    case 'choice':
      if (typeof value !== 'string') throw wrongKind();
      if (!spec.choices.includes(value))
        throw rangeError({ of, argument, requirement: requirementOf(spec), got: show(value) });
      return value;
    case 'number':
      if (typeof value !== 'number') throw wrongKind();
      return checkNumber(of, argument, spec, value);
    case 'booleans':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'boolean')) throw wrongKind();
      return Object.freeze([...value]);
    case 'vector':
      if (spec.orNumber === true && typeof value === 'number') return checkNumber(of, argument, spec, value);
      return checkVector(of, argument, spec, value, wrongKind);
  }
}

function checkVector(
  of: string,
  argument: string,
  spec: OptionSpec & { kind: 'vector' },
  value: unknown,
  wrongKind: () => TypeError,
): readonly number[] {
  if (!isNumberList(value)) throw wrongKind();
  if (value.length === 0) throw rangeError({ of, argument, requirement: 'at least one number', got: show(value) });
  return Object.freeze(
    Array.from(value, (item, index) => checkNumber(of, `${argument}[${String(index)}]`, spec, item)),
  );
}

function isNumberList(value: unknown): value is ArrayLike<number> {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'number');
  return (
    ArrayBuffer.isView(value) && typeof (value as unknown as ArrayLike<unknown>)[0] !== 'bigint' && 'length' in value
  );
}

interface Bounds {
  readonly minimum?: number;
  readonly above?: number;
  readonly maximum?: number;
  readonly integer?: boolean;
}

function checkNumber(of: string, argument: string, bounds: Bounds, value: number): number {
  const { minimum = -Infinity, above = -Infinity, maximum = Infinity, integer = false } = bounds;
  if (
    Number.isFinite(value) &&
    value >= minimum &&
    value > above &&
    value <= maximum &&
    (!integer || Number.isInteger(value))
  )
    return value;
  throw rangeError({ of, argument, requirement: numberRequirement(bounds), got: show(value) });
}

function requirementOf(spec: OptionSpec): string {
  switch (spec.kind) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${spec.choices.map((choice) => `'${choice}'`).join(', ')}`;
    case 'number':
      return numberRequirement(spec);
    case 'booleans':
      return 'an array of booleans';
    case 'vector':
      return spec.orNumber === true ? `${numberRequirement(spec)}, or an array of such` : 'an array of numbers';
  }
}

function numberRequirement({ minimum, above, maximum, integer = false }: Bounds): string {
  const noun = integer ? 'an integer' : 'a finite number';
  const lower = above ?? minimum;
  if (lower === undefined) return maximum === undefined ? noun : `${noun} of at most ${String(maximum)}`;
  if (maximum !== undefined)
    return `${noun} in ${above === undefined ? '[' : '('}${String(lower)}, ${String(maximum)}]`;
  return above === undefined ? `${noun} of at least ${String(lower)}` : `${noun} greater than ${String(lower)}`;
}

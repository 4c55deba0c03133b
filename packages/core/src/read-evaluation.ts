import { kindError, rangeError, show } from './errors.js';
import type { Denominator, Evaluation, EvaluationData, Pair } from './evaluation.js';
import { readExtraFields } from './extras/extra-json.js';
import { makeEvaluation } from './make-evaluation.js';

const OF = 'readEvaluation';
const NOT_FINITE: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

/**
 * Reads an evaluation back from its JSON, as a parsed value or as text. NaN and the infinities survive.
 *
 * @throws TypeError or RangeError that names the field, for anything that `toJSON` of an evaluation did not write.
 */
export function readEvaluation(json: unknown): Evaluation {
  const parsed: unknown = typeof json === 'string' ? JSON.parse(json) : json;
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw kindError({ of: OF, argument: 'json', requirement: 'an object, or its text', got: show(parsed) });
  const fields = parsed as Readonly<Record<string, unknown>>;
  if (fields['version'] !== 1)
    throw rangeError({ of: OF, argument: 'version', requirement: '1', got: show(fields['version']) });
  const data: EvaluationData = {
    version: 1,
    loss: readString('loss', fields['loss']),
    reduction: readChoice('reduction', ['mean', 'sum'], fields['reduction']),
    denominator: readDenominator(fields['denominator']),
    whenEmpty: readChoice('whenEmpty', ['nan', 'zero', 'throw'], fields['whenEmpty']),
    sum: readPair('sum', fields['sum']),
    ...(fields['sumTail'] !== undefined && { sumTail: readTail('sumTail', fields['sumTail']) }),
    weight: readPair('weight', fields['weight']),
    ...(fields['weightTail'] !== undefined && { weightTail: readTail('weightTail', fields['weightTail']) }),
    elements: readCount('elements', fields['elements']),
    rows: readCount('rows', fields['rows']),
    ignored: readCount('ignored', fields['ignored']),
    engines: readEngines(fields['engines']),
    ...readExtraFields(fields, { pair: readPair, tail: readTail, count: readCount, list: readList }),
  };
  return makeEvaluation(data, {});
}

function readString(argument: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw kindError({ of: OF, argument, requirement: 'a string', got: show(value) });
}

function readChoice<const Choice extends string>(argument: string, choices: readonly Choice[], value: unknown): Choice {
  for (const choice of choices) if (choice === value) return choice;
  throw rangeError({
    of: OF,
    argument,
    requirement: `one of ${choices.map((choice) => `'${choice}'`).join(', ')}`,
    got: show(value),
  });
}

function readDenominator(value: unknown): Denominator {
  if (typeof value === 'number' && value > 0 && value < Infinity) return value;
  return readChoice('denominator', ['weight', 'rows', 'elements'], value);
}

function readPair(argument: string, value: unknown): Pair {
  if (!Array.isArray(value) || value.length !== 2)
    throw kindError({ of: OF, argument, requirement: 'a pair of numbers [high, low]', got: show(value) });
  const [high, low] = value as unknown[];
  return [readNumber(`${argument}[0]`, high), readNumber(`${argument}[1]`, low)];
}

function readTail(argument: string, value: unknown): readonly number[] {
  if (Array.isArray(value) && value.every((part) => Number.isFinite(part))) return value as readonly number[];
  throw kindError({ of: OF, argument, requirement: 'an array of numbers', got: show(value) });
}

function readNumber(argument: string, value: unknown): number {
  const number = typeof value === 'string' ? NOT_FINITE[value] : value;
  if (typeof number === 'number') return number;
  // A copy of an evaluation (a spread, a structured clone) has no toJSON, and JSON makes null of its infinities.
  const fix = value === null ? 'stringify the evaluation itself, since a copy of it has lost its toJSON' : undefined;
  throw kindError({
    of: OF,
    argument,
    requirement: "a number, 'NaN', 'Infinity' or '-Infinity'",
    got: show(value),
    fix,
  });
}

function readCount(argument: string, value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw rangeError({ of: OF, argument, requirement: 'an integer of at least 0', got: show(value) });
}

function readList(argument: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null))
    return value as readonly Readonly<Record<string, unknown>>[];
  throw kindError({ of: OF, argument, requirement: 'an array of objects', got: show(value) });
}

function readEngines(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map((name, index) => readString(`engines[${String(index)}]`, name));
  throw kindError({ of: OF, argument: 'engines', requirement: 'an array of names', got: show(value) });
}

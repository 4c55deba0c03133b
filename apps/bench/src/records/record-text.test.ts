import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { exampleRecord } from '../testing-records/example-record.js';
import { RecordError } from './record-error.js';
import { readRecord, writeRecord } from './record-text.js';
import { RUN_SCHEMA_FILE } from './validate-schema.js';

type Json = Record<string, unknown>;

/** The example as it is in a file, with changes: a path in dots, and what stands there. */
function textWith(...changes: readonly (readonly [path: string, value: unknown])[]): string {
  const file = JSON.parse(writeRecord(exampleRecord)) as Json;
  for (const [path, value] of changes) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce((at, key) => at[key] as Json, file);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return JSON.stringify(file);
}

describe('a record', () => {
  test('comes back from its text as it was, NaN and infinities included', () => {
    expect(readRecord(writeRecord(exampleRecord), 'a.json')).toEqual(exampleRecord);
  });

  test('has no null in its text', () => {
    expect(writeRecord(exampleRecord)).not.toContain('null');
  });

  test('keeps keys that are not known, at every depth', () => {
    const text = textWith(['later', { since: 2 }], ['machine.gpu', 'none'], ['benchmarks.0.metrics.0.spread', 0.1]);
    expect(readRecord(text, 'a.json')).toMatchObject({ later: { since: 2 }, machine: { gpu: 'none' } });
  });

  test('keeps an axis whose text is the name of a number', () => {
    const text = textWith(['benchmarks.0.axes.value', 'NaN']);
    expect(readRecord(text, 'a.json').benchmarks[0]?.axes['value']).toBe('NaN');
  });
});

describe('a record is refused', () => {
  const one = exampleRecord.benchmarks[0];
  test.each([
    ['', 'a.json expected a run record, got an empty file'],
    ['[]', 'a.json: "schema" expected "surprisal-bench/run@1", got nothing'],
    ['null', 'a.json expected a run record, got null'],
    ['{}', 'a.json: "schema" expected "surprisal-bench/run@1", got nothing'],
    [
      textWith(['schema', 'surprisal-bench/run@2']),
      'a.json: "schema" expected "surprisal-bench/run@1", got "surprisal-bench/run@2". Another version of @surprisal/bench reads it.',
    ],
    [textWith(['noise', undefined]), 'a.json: "noise" expected a value, got nothing'],
    [textWith(['time', 'yesterday']), /^a\.json: "time" expected text like .*, got "yesterday"$/],
    [
      textWith(['benchmarks.1.status', 'fine']),
      'a.json: "benchmarks[1].status" expected one of "ok", "unproven", "wrong", "missing", got "fine"',
    ],
    [textWith(['benchmarks.1.reason', undefined]), 'a.json: "benchmarks[1].reason" expected a value, got nothing'],
    [
      textWith(['benchmarks.0.metrics.0.value', null]),
      'a.json: "benchmarks[0].metrics[0].value" expected a number, "NaN", "Infinity" or "-Infinity", got null',
    ],
    [
      textWith(['benchmarks.0.metrics.0.value', 'NaN']),
      'a.json: "benchmarks[0].metrics[0].value" expected a finite number where the status is ok, got NaN',
    ],
    [
      textWith(['benchmarks.0.metrics.0.processes', [1, 'Infinity']]),
      'a.json: "benchmarks[0].metrics[0].processes[1]" expected a finite number where the status is ok, got Infinity',
    ],
    [
      textWith(['benchmarks.0.metrics.0.interval.low', 9]),
      'a.json: "benchmarks[0].metrics[0].interval" expected low not above high, got "9 to 1.97"',
    ],
    [
      textWith(['benchmarks.0.metrics.1.name', 'time']),
      'a.json: "benchmarks[0].metrics[1].name" expected a name used once, got "time"',
    ],
    [
      textWith(['benchmarks.1.id', one.id]),
      /^a\.json: "benchmarks\[1\]\.id" expected an id that benchmarks\[0\] has not, got "categorical-/,
    ],
    [
      textWith(['peers.0.missing', 'not installed']),
      /^a\.json: "peers\[0\]" expected either a version or why it is missing, got \{/,
    ],
    [textWith(['machine.cores', 1.5]), 'a.json: "machine.cores" expected a value of type integer, got 1.5'],
  ])('%# %.40s', (text, message) => {
    expect(() => readRecord(text, 'a.json')).toThrow(typeof message === 'string' ? new RecordError(message) : message);
  });

  test('when it was not written to its end, wherever that is', () => {
    const text = writeRecord(exampleRecord).trimEnd();
    for (let length = 0; length < text.length; length += 97)
      expect(() => readRecord(text.slice(0, length), 'a.json')).toThrow(/^a\.json expected/);
  });
});

describe('the schema', () => {
  const schema = JSON.parse(readFileSync(RUN_SCHEMA_FILE, 'utf8')) as Json;

  test('knows every key of the types: with no other keys allowed the example still passes', () => {
    const closed = JSON.parse(JSON.stringify(schema), (_, value: Json) =>
      'properties' in Object(value) && value['type'] === 'object' && !('additionalProperties' in value)
        ? { ...value, additionalProperties: false }
        : value,
    ) as Json;
    const validate = new Ajv2020({ strict: false }).compile(closed);
    validate(JSON.parse(writeRecord(exampleRecord)));
    expect(validate.errors).toBeNull();
  });

  test('has no key that the example has not', () => {
    const seen = new Set<string>();
    JSON.stringify(exampleRecord, (key, value: unknown) => (seen.add(key), value));
    const missing: string[] = [];
    JSON.stringify(schema, (key, value: Json) => {
      if (key === 'properties') missing.push(...Object.keys(value).filter((name) => !seen.has(name)));
      return value;
    });
    expect(missing).toEqual([]);
  });
});

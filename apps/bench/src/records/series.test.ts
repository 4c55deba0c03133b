import { describe, expect, test } from 'vitest';
import { exampleAxes, exampleRecord } from '../testing-records/example-record.js';
import { currentMachine } from './current-machine.js';
import { definitionHash } from './definition-hash.js';
import { benchmarkId, machineClass } from './series.js';

describe('the id of a benchmark', () => {
  test('is made of its axes', () => {
    expect(benchmarkId(exampleAxes)).toBe(exampleRecord.benchmarks[0]?.id);
    expect(benchmarkId({ ...exampleAxes, input: 'margins' }, 'gradient-error')).toBe(exampleRecord.accuracy[0]?.id);
  });

  test('leaves out what there is not', () => {
    const axes = { loss: 'mine', operation: 'value', dtype: 'float64', implementation: 'loop', input: 'mail' };
    expect(benchmarkId(axes)).toBe('mine/value/float64/mail/loop');
  });
});

describe('the hash of a definition', () => {
  test('is that of the JSON with sorted keys', () => {
    // printf '{"a":{"c":1,"d":2},"b":[3,4]}' | sha256sum
    expect(definitionHash({ b: [3, 4], a: { d: 2, c: 1 } })).toBe('c07f72ff5f87ea99');
  });

  test('changes with the order of a list', () => {
    expect(definitionHash({ b: [4, 3] })).not.toBe(definitionHash({ b: [3, 4] }));
  });
});

describe('the class of a machine', () => {
  const { machine } = exampleRecord;
  test('says what times depend on', () => {
    expect(machineClass(machine)).toBe('linux x64, Example CPU 3000, 2 cores, node 24');
  });

  test('is the same for another patch of the runtime, another for another major version', () => {
    expect(machineClass({ ...machine, runtime: { name: 'node', version: '24.0.1' } })).toBe(machineClass(machine));
    expect(machineClass({ ...machine, runtime: { name: 'node', version: '26.0.0' } })).not.toBe(machineClass(machine));
  });

  test('can be said of this machine', () => {
    expect(machineClass(currentMachine())).toMatch(/^\w+ \w+, .+, \d+ cores?, node \d+$/);
  });
});

import { describe, expect, it } from 'vitest';
import { EQUIVALENCE_CASES } from '../testing-explain/equivalence-cases.js';
import { executableCalls, type ExecutableCall } from '../testing-explain/equivalence-case.js';
import { runKeras } from '../testing-explain/keras-definitions.js';
import { runOnnx } from '../testing-explain/onnx-definitions.js';
import { runInPython } from '../testing-explain/python.js';
import { runTensorflowJs } from '../testing-explain/tensorflow-js-definitions.js';
import { EQUIVALENCES } from './equivalences.js';
import type { Framework } from './equivalence.js';

/** Sums of a few float64 numbers, in another order than ours. */
const TOLERANCE = 1e-12;

const CALLS = EQUIVALENCE_CASES.flatMap(executableCalls);

/** Frameworks that run as they are, where they are installed; the others are written from their definitions. */
const REAL: readonly Framework[] = ['PyTorch', 'scikit-learn'];
const DEFINITIONS: Readonly<Record<string, (call: string, names: ExecutableCall['names']) => number>> = {
  Keras: runKeras,
  ONNX: runOnnx,
  'TensorFlow.js': runTensorflowJs,
};

/** How far each call is from our value, or what went wrong. */
function faults(calls: readonly ExecutableCall[], values: readonly (number | string)[]): readonly string[] {
  return calls.flatMap(({ title, call, expected }, index) => {
    const value = values[index];
    if (typeof value === 'number' && Math.abs(value - expected) <= TOLERANCE * Math.max(1, Math.abs(expected)))
      return [];
    return [`${title}: ${call} is ${String(value)}, ours ${String(expected)}`];
  });
}

describe('the table of equivalences', () => {
  it('names every row once', () => {
    expect(new Set(EQUIVALENCES.map(({ id }) => id)).size).toBe(EQUIVALENCES.length);
  });

  it.each(EQUIVALENCES)('has cases for $id', ({ id }) => {
    expect(CALLS.filter((call) => call.id === id).length).toBeGreaterThan(0);
  });

  it.each(EQUIVALENCES.filter(({ framework }) => !REAL.includes(framework)))(
    'gives for $id a call whose definition has our value',
    ({ id, framework }) => {
      const calls = CALLS.filter((call) => call.id === id);
      const run = DEFINITIONS[framework];
      expect(
        faults(
          calls,
          calls.map(({ call, names }) => run?.(call, names) ?? Number.NaN),
        ),
      ).toStrictEqual([]);
    },
  );
});

describe('the calls of Python, run in one process', () => {
  const calls = CALLS.filter(({ framework }) => REAL.includes(framework));
  const values = runInPython(calls);

  it.each(EQUIVALENCES.filter(({ framework }) => REAL.includes(framework)))(
    '$id returns our value',
    ({ id, framework }) => {
      const own = calls.flatMap((call, index) => (call.id === id ? [{ call, value: values[index] ?? null }] : []));
      const run = own.flatMap(({ call, value }) => (value === null ? [] : [{ call, value }]));
      if (run.length < own.length) console.warn(`not run, for want of ${framework} in /usr/bin/python3: ${id}`);
      expect(
        faults(
          run.map(({ call }) => call),
          run.map(({ value }) => value),
        ),
      ).toStrictEqual([]);
    },
  );
});

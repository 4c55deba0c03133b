import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { CallOptions, Loss } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { EQUIVALENCE_CASES } from '../testing-explain/equivalence-cases.js';
import { executableCalls, type ExecutableCall } from '../testing-explain/equivalence-case.js';
import { runKeras } from '../testing-explain/keras-definitions.js';
import { runOnnx } from '../testing-explain/onnx-definitions.js';
import { runInPython } from '../testing-explain/python.js';
import { runTensorflowJs } from '../testing-explain/tensorflow-js-definitions.js';
import { EQUIVALENCES, equalCalls } from './equivalences.js';
import type { Framework } from './equivalence.js';
import { summarize } from './summary.js';

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
          calls.map(({ call, names }) => run(call, names)),
        ),
      ).toStrictEqual([]);
    },
  );
});

describe('the calls of Python, run in one process', () => {
  const calls = CALLS.filter(({ framework }) => REAL.includes(framework));
  const values = runInPython(calls);
  const rows = EQUIVALENCES.filter(({ framework }) => REAL.includes(framework));

  it.for(rows)('return our value: $id', ({ id, framework }, { skip }) => {
    const run = calls
      .map((call, index) => ({ call, value: values[index] ?? null }))
      .filter(({ call }) => call.id === id);
    const results = run.flatMap(({ value }) => value ?? []);
    skip(results.length === 0, `/usr/bin/python3 cannot import what runs the calls of ${framework}`);
    expect(
      faults(
        run.map(({ call }) => call),
        results,
      ),
    ).toStrictEqual([]);
  });
});

/** Returned by PyTorch 1.13 on these data, for where it is not installed. */
const LOGITS = [
  [1, 2, 0.5],
  [0.1, -1, 3],
  [2, 2, 2],
  [-1, 0, 4],
];
const ignored: CallOptions = { ignoreIndex: -100 };
const sum: CallOptions = { ignoreIndex: -100, reduction: 'sum' };
const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();
const w = { weights: [1, 2, 3] };
const e = { smoothing: 0.1 };
const pi = { weight: 3 };
const GOLDEN: readonly (readonly [call: string, value: number, loss: Loss, options: CallOptions])[] = [
  ['F.cross_entropy(z, y)', 0.5445850972455154, ce, ignored],
  ['F.cross_entropy(z, y, weight=w)', 0.37327875229424556, classWeighted(ce, w), ignored],
  ['F.cross_entropy(z, y, label_smoothing=0.1)', 0.6490295416899599, labelSmoothed(ce, e), ignored],
  [
    'F.cross_entropy(z, y, weight=w, label_smoothing=0.1)',
    0.4815204979004837,
    labelSmoothed(classWeighted(ce, w), e),
    ignored,
  ],
  [
    'F.cross_entropy(z, y, weight=w, label_smoothing=0.1, reduction="sum")',
    2.889122987402902,
    labelSmoothed(classWeighted(ce, w), e),
    sum,
  ],
  [
    '(w[y] * F.cross_entropy(z, y, label_smoothing=0.1, reduction="none")).mean()',
    1.0321130601440467,
    classWeighted(labelSmoothed(ce, e), w),
    { ...ignored, denominator: 'rows' },
  ],
  ['F.binary_cross_entropy_with_logits(z, y)', 0.6157135085787611, bce, {}],
  ['F.binary_cross_entropy_with_logits(z, y * (1 - 0.1) + 0.1 / 2)', 0.6594635085787611, labelSmoothed(bce, e), {}],
  [
    'F.binary_cross_entropy_with_logits(z, y, pos_weight=torch.tensor(3.0))',
    1.3358083578593587,
    positiveWeighted(bce, pi),
    {},
  ],
  [
    'F.binary_cross_entropy_with_logits(z, y * (1 - 0.1) + 0.1 / 2, pos_weight=torch.tensor(3.0))',
    1.4316202237891753,
    labelSmoothed(positiveWeighted(bce, pi), e),
    {},
  ],
];

describe('the calls of PyTorch, as it returned them', () => {
  it.each(GOLDEN)('%s', (call, value, loss, options) => {
    const binary = loss.link.name === 'sigmoid';
    const own = binary
      ? loss.value([2, -1, 0.5, -3], [1, 1, 0, 0], options)
      : loss.value(LOGITS, [1, 2, 0, -100], options);
    expect(Math.abs(own - value)).toBeLessThanOrEqual(TOLERANCE);
    expect(equalCalls(summarize(loss, loss.plan ?? [], options)).map((equal) => equal.call)).toContain(call);
  });
});

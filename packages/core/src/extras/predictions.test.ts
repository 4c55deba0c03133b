import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { exactDecimal, randomNumbers, ulpsBetween } from '@surprisal/reference';
import { classWeighted } from '@surprisal/weighted';
import { Decimal } from 'decimal.js';
import { describe, expect, it } from 'vitest';
import { mergeEvaluations, readEvaluation, type CallOptions, type Evaluation } from '../index.js';
import { ofElements, overClasses } from '../testing-extras/wrappers.js';

const Numbers = Decimal.clone({ precision: 60, minE: -9e15, maxE: 9e15 });

const LOGITS = [
  [2, 1, 0],
  [0, 3, 1],
  [1, 1, 0],
  [0, 1, 5],
];
const LABELS = [0, 2, 1, 2];

describe('accuracy and argmax over classes', () => {
  const loss = categoricalCrossEntropy();

  it('counts rows whose largest logit is the label, the first of equals', () => {
    const evaluation = loss.evaluate(LOGITS, LABELS, { accuracy: true, argmax: true });
    expect(Array.from(evaluation.argmax ?? [])).toEqual([0, 1, 0, 2]);
    expect([evaluation.correct, evaluation.accuracy]).toEqual([2, 0.5]);
  });

  it('one-hot targets say the same as their indices, and soft ones their largest class', () => {
    const oneHot = LABELS.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0)));
    expect(loss.evaluate(LOGITS, oneHot, { accuracy: true }).accuracy).toBe(0.5);
    const soft = [
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
      [0.2, 0.5, 0.3],
      [0.25, 0.25, 0.5],
    ];
    expect(loss.evaluate(LOGITS, soft, { accuracy: true }).correct).toBe(3);
  });

  it('leaves ignored rows out, of which nothing is read', () => {
    const logits = [...LOGITS, [NaN, NaN, NaN]];
    const evaluation = loss.evaluate(logits, [...LABELS, -1], {
      ignoreIndex: -1,
      accuracy: true,
      argmax: true,
      probabilities: true,
    });
    expect(evaluation.accuracy).toBe(0.5);
    expect(Array.from(evaluation.argmax ?? [])).toEqual([0, 1, 0, 2, -1]);
    expect(Array.from(evaluation.probabilities ?? []).slice(-3)).toEqual([0, 0, 0]);
  });

  it('is NaN of nothing', () => {
    expect(loss.evaluate(LOGITS, LABELS, { accuracy: true, mask: [0, 0, 0, 0] }).accuracy).toBeNaN();
  });

  it('has no prediction for a row of NaN that was let through', () => {
    const { accuracy, argmax, calibration } = loss.evaluate(
      [
        [NaN, 1],
        [1, 0],
      ],
      [0, 0],
      {
        invalid: 'propagate',
        accuracy: true,
        argmax: true,
        calibration: 2,
      },
    );
    expect([accuracy, Array.from(argmax ?? []), calibration?.map(({ rows }) => rows)]).toEqual([0.5, [-1, 0], [0, 1]]);
  });

  it('takes any layout, and writes into the array of the caller', () => {
    const data = Float32Array.from([2, 0, 1, 0, 1, 3, 1, 1, 0, 1, 0, 5]);
    const into = new Int32Array(4);
    const { argmax } = loss.evaluate(
      { data, dims: [1, 3, 4] },
      { data: Int32Array.from(LABELS), dims: [1, 4] },
      { axis: 1, argmax: into },
    );
    expect(argmax).toBe(into);
    expect(Array.from(into)).toEqual([0, 1, 0, 2]);
  });

  it('are the same whatever else is asked for, of every layout, with steps, ignored rows and NaN (seed 7)', () => {
    const random = randomNumbers(7);
    const plans = [
      loss,
      overClasses({ kind: 'affine', scale: -2, offsets: [0, 3, 1, -1, 2] }),
      overClasses({ kind: 'softcap', cap: 2 }),
      overClasses({ kind: 'classMask', allowed: [true, false, true, true, true] }),
      overClasses({ kind: 'margin', margins: [1, 2, 3, 4, 5] }),
    ];
    const data = Float32Array.from({ length: 5 * 60 }, () => Math.round(3 * random.normal()));
    data[7] = NaN;
    data[133] = Infinity;
    const labels = Int32Array.from({ length: 60 }, (_, row) => (row % 9 === 0 ? -1 : 2 * (row % 3)));
    const wanted = { accuracy: true, argmax: true } as const;
    const usual = { ignoreIndex: -1, invalid: 'propagate', axis: 1 } as const;
    for (const plan of plans) {
      for (const logits of [
        { data, dims: [60, 5] },
        { data, dims: [3, 5, 20] },
      ]) {
        const targets = { data: labels, dims: logits.dims.length === 2 ? [60] : [3, 20] };
        const alone = plan.evaluate(logits, targets, { ...usual, ...wanted });
        const shares = { ...usual, calibration: true, probabilities: true } as const;
        const more = plan.evaluate(logits, targets, { ...shares, ...wanted });
        const all = plan.evaluate(logits, targets, { ...shares, ...wanted, hessianDiagonal: true });
        expect(Array.from(alone.argmax ?? []).filter((index) => index < 0).length).toBeGreaterThan(7);
        expect([alone.argmax, alone.correct]).toEqual([all.argmax, all.correct]);
        expect([more.argmax, more.correct]).toEqual([all.argmax, all.correct]);
        expect([more.calibration, more.probabilities]).toEqual([all.calibration, all.probabilities]);
      }
    }
  });

  it('looks at the logits as the loss sees them, without margins', () => {
    const shifted = overClasses({ kind: 'affine', scale: 1, offsets: [0, 0, 10] });
    expect(Array.from(shifted.evaluate(LOGITS, LABELS, { argmax: true }).argmax ?? [])).toEqual([2, 2, 2, 2]);
    const margined = overClasses({ kind: 'margin', margins: [5, 5, 5] });
    const {
      argmax,
      probabilities = [],
      hessianDiagonal = [],
    } = margined.evaluate(LOGITS, LABELS, {
      argmax: true,
      probabilities: true,
      hessianDiagonal: true,
      reduction: 'sum',
    });
    expect(Array.from(argmax ?? [])).toEqual([0, 1, 0, 2]);
    const plain = loss.evaluate(LOGITS, LABELS, { probabilities: true }).probabilities ?? [];
    expect(Array.from(probabilities)).toEqual(Array.from(plain));
    const moved = LOGITS.map((row, index) => row.map((z, c) => (c === LABELS[index] ? z - 5 : z)));
    const there = loss.evaluate(moved, LABELS, { hessianDiagonal: true, reduction: 'sum' }).hessianDiagonal ?? [];
    expect(Array.from(hessianDiagonal)).toEqual(Array.from(there));
  });
});

describe('accuracy and argmax of elements', () => {
  it('know the sign of logits that leave both probabilities at one half', () => {
    const logits = [1e-300, -1e-300, 1e-20, 0, -0];
    for (const probabilities of [false, true]) {
      const { argmax } = binaryCrossEntropy().evaluate(logits, [1, 1, 1, 1, 1], { argmax: true, probabilities });
      expect(Array.from(argmax ?? [])).toEqual([1, 0, 1, 0, 0]);
    }
  });

  it('are those of z > 0 against targets above one half', () => {
    const { argmax, accuracy, perClass } = binaryCrossEntropy().evaluate(
      [
        [2, -1],
        [0, 3],
      ],
      [
        [1, 1],
        [0, 0.4],
      ],
      {
        accuracy: true,
        argmax: true,
        perClass: true,
      },
    );
    expect(Array.from(argmax ?? [])).toEqual([1, 0, 0, 1]);
    expect(accuracy).toBe(0.5);
    expect(perClass?.map(({ rows, correct }) => [rows, correct])).toEqual([
      [2, 1],
      [2, 1],
    ]);
  });
});

describe('probabilities', () => {
  it('over classes are the softmax to 3 ulp, from far below one up (seed 2)', () => {
    const random = randomNumbers(2);
    for (const spread of [0.1, 5, 100]) {
      const z = Array.from({ length: 6 }, () => random.normal() * spread);
      const { probabilities = [] } = categoricalCrossEntropy().evaluate([z], [0], { probabilities: true });
      const exponentials = z.map((value) => new Numbers(exactDecimal(value)).exp());
      const total = exponentials.reduce((sum, value) => sum.plus(value));
      for (const [index, exponential] of exponentials.entries())
        expect(ulpsBetween(probabilities[index] ?? NaN, exponential.div(total), 'float64')).toBeLessThanOrEqual(3);
    }
  });

  it('of elements are the sigmoid to 3 ulp, and 0 and 1 of infinite logits', () => {
    for (const z of [-700, -30, -1, 0, 0.5, 30]) {
      const { probabilities = [] } = binaryCrossEntropy().evaluate([z], [1], { probabilities: true });
      const exact = new Numbers(1).div(new Numbers(exactDecimal(-z)).exp().plus(1));
      expect(ulpsBetween(probabilities[0] ?? NaN, exact, 'float64')).toBeLessThanOrEqual(3);
    }
    const { probabilities } = binaryCrossEntropy().evaluate([-Infinity, Infinity], [0, 1], { probabilities: true });
    expect(Array.from(probabilities ?? [])).toEqual([0, 1]);
  });

  it('have the type and the layout of the logits', () => {
    const logits = { data: Float32Array.of(0, 1, 2, 3, 1, 0), dims: [1, 3, 2] };
    const { probabilities } = categoricalCrossEntropy().evaluate(logits, [[0, 1]], { axis: 1, probabilities: true });
    expect(probabilities).toBeInstanceOf(Float32Array);
    const rows =
      categoricalCrossEntropy().evaluate(
        [
          [0, 2, 1],
          [1, 3, 0],
        ],
        [0, 1],
        { probabilities: true },
      ).probabilities ?? [];
    expect(Array.from(probabilities ?? [])).toEqual([0, 3, 1, 4, 2, 5].map((index) => Math.fround(rows[index] ?? NaN)));
  });

  it('given as such come back as they are', () => {
    const p = [
      [0.25, 0.75],
      [0.5, 0.5],
    ];
    const given = categoricalCrossEntropy().evaluate(p, [0, 1], {
      input: 'probabilities',
      probabilities: true,
      argmax: true,
    });
    expect(Array.from(given.probabilities ?? [])).toEqual(p.flat());
    expect(Array.from(given.argmax ?? [])).toEqual([1, 0]);
    const logs = binaryCrossEntropy().evaluate([Math.log(0.25)], [1], {
      input: 'log-probabilities',
      probabilities: true,
    });
    expect(logs.probabilities?.[0]).toBeCloseTo(0.25, 15);
  });
});

describe('calibration', () => {
  it('bins (i / n, (i + 1) / n] hold confidences and hits, and the error is their mean distance', () => {
    // Probabilities 0.5, 0.6, 0.9, 0.9 of class 1; right, wrong, right, right.
    const p = [0.5, 0.6, 0.9, 0.9];
    const { calibration = [], calibrationError } = binaryCrossEntropy().evaluate(p, [0, 0, 1, 1], {
      input: 'probabilities',
      calibration: 10,
    });
    expect(calibration.map(({ rows }) => rows)).toEqual([0, 0, 0, 0, 1, 1, 0, 0, 2, 0]);
    expect(calibration.map(({ correct }) => correct)).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 2, 0]);
    expect(calibrationError).toBeCloseTo((0.5 + 0.6 + 0.2) / 4, 15);
  });

  it('has 15 bins unless a number is said, and a confidence of 1 lies in the last', () => {
    const { calibration = [] } = categoricalCrossEntropy().evaluate([[900, 0]], [0], { calibration: true });
    expect([calibration.length, calibration.at(-1)]).toEqual([15, { rows: 1, correct: 1, confidence: [1, 0] }]);
  });
});

describe('per class', () => {
  it('sums, weights and rows are those of the evaluations of its rows alone', () => {
    const loss = classWeighted(categoricalCrossEntropy(), { weights: [1, 2, 3] });
    const sampleWeights = [1, 0.5, 2, 1];
    const { perClass = [] } = loss.evaluate(LOGITS, LABELS, { perClass: true, sampleWeights });
    for (const [c, totals] of perClass.entries()) {
      const { sum, weight, rows } = loss.evaluate(LOGITS, LABELS, {
        sampleWeights,
        mask: LABELS.map((label) => Number(label === c)),
      });
      expect(totals).toEqual({ sum, weight, rows });
    }
  });

  it('with accuracy holds the hits, and so the recall', () => {
    const { perClass = [] } = categoricalCrossEntropy().evaluate(LOGITS, LABELS, { perClass: true, accuracy: true });
    expect(perClass.map(({ correct, rows }) => [correct, rows])).toEqual([
      [1, 1],
      [0, 1],
      [1, 2],
    ]);
  });
});

const EVERYTHING: CallOptions = { perClass: true, accuracy: true, calibration: true, floor: true };

/** A batch of many tiles, and the loss of each link. */
function batches(): readonly (readonly [string, (from: number, to: number, options: CallOptions) => Evaluation])[] {
  const random = randomNumbers(31);
  const rows = 3000;
  const logits = Float32Array.from({ length: rows * 5 }, () => 3 * random.normal());
  const labels = Int32Array.from({ length: rows }, () => random.below(6) - 1);
  const targets = Float32Array.from({ length: rows * 5 }, () => random.pick([0, 1, 0.3]));
  const sampleWeights = Float64Array.from({ length: rows }, () => random.uniform() * 10 ** random.normal());
  const weights = [1, 2, 0.5, 3, 1];
  const classes = classWeighted(overClasses({ kind: 'mix', smoothing: 0.1, spread: 'all' }), { weights });
  const binary = ofElements();
  return [
    [
      'over classes',
      (from, to, options) =>
        classes.evaluate(logits.subarray(5 * from, 5 * to), labels.subarray(from, to), {
          ignoreIndex: -1,
          sampleWeights: sampleWeights.subarray(from, to),
          ...options,
        }),
    ],
    [
      'of elements',
      (from, to, options) =>
        binary.evaluate(logits.subarray(5 * from, 5 * to), targets.subarray(5 * from, 5 * to), {
          labels: 5,
          ...options,
        }),
    ],
  ];
}

describe.each(batches())('evaluations %s', (_, evaluate) => {
  const whole = evaluate(0, 3000, EVERYTHING);

  it('of any split merge to that of the whole, to the last bit', () => {
    for (const cuts of [[1500], [1, 2, 3], [700, 701, 2999]]) {
      const ends = [0, ...cuts, 3000];
      const parts = ends.slice(1).map((to, index) => evaluate(ends[index] ?? 0, to, EVERYTHING));
      expect(mergeEvaluations(...parts.reverse())).toEqual(whole);
    }
  });

  it('come back from JSON as they were', () => {
    expect(readEvaluation(JSON.stringify(whole))).toEqual(whole);
    expect(mergeEvaluations(readEvaluation(JSON.stringify(whole)), mergeEvaluations())).toEqual(whole);
  });

  it('hold nothing more, and the same besides, where nothing was asked for', () => {
    const plain = evaluate(0, 3000, {});
    expect(Object.keys(whole)).toEqual(expect.arrayContaining(Object.keys(plain)));
    expect(
      Object.keys(whole)
        .filter((key) => !(key in plain))
        .sort(),
    ).toEqual(
      [
        'accuracy',
        'calibration',
        'calibrationError',
        'correct',
        'excess',
        'excessSum',
        'floor',
        'floorSum',
        'perClass',
        ...['excessTail', 'floorTail'].filter((key) => key in whole),
      ].sort(),
    );
    expect({ ...whole, ...plain, engines: whole.engines }).toEqual(whole);
  });

  it.each(['wasm-simd', 'wasm-relaxed-simd'])('have the same details beside the engine %s, and name both', (engine) => {
    const beside = evaluate(0, 3000, { ...EVERYTHING, engine });
    const { correct, calibration, floor, excess } = beside;
    expect({ correct, calibration, floor, excess }).toEqual({
      correct: whole.correct,
      calibration: whole.calibration,
      floor: whole.floor,
      excess: whole.excess,
    });
    const { engines } = evaluate(0, 3000, { engine });
    expect(beside.engines).toEqual([...new Set(['typescript', ...engines])].sort());
  });

  it('keep an infinite class in JSON', () => {
    const infinite = categoricalCrossEntropy().evaluate([[0, -Infinity]], [1], EVERYTHING);
    const read = readEvaluation(JSON.stringify(infinite));
    expect(read.perClass?.[1]?.sum).toEqual([Infinity, 0]);
    expect(read).toEqual(infinite);
  });
});

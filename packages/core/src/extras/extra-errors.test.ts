import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { describe, expect, it } from 'vitest';
import {
  callPreparer,
  defineLoss,
  mergeEvaluations,
  readEvaluation,
  type CallOptions,
  type LossPlugin,
  type TileRule,
} from '../index.js';
import { messageOf } from '../testing/message-of.js';
import { overClasses } from '../testing-extras/wrappers.js';

const anything = (value: unknown): never => value as never;
const LOGITS = [
  [1, 2],
  [0, 3],
];
const LABELS = [0, 1];
const loss = categoricalCrossEntropy();
const name = 'categorical-cross-entropy';
const evaluate = (options: CallOptions) => () => loss.evaluate(LOGITS, LABELS, options);

const rule: TileRule = { layout: 'classes', targets: 'real', compute: ({ losses }) => void losses.fill(1) };
const outside: LossPlugin<'outside', object, 'none'> = defineLoss({
  name: 'outside',
  options: {},
  tileRule: () => rule,
  traits: { convex: true, nonNegative: true, shiftInvariant: false, needsIndexTargets: false },
  examples: () => [{}],
});

describe('messages', () => {
  const shared = new Float64Array(4);
  it.each<[string, () => unknown, string]>([
    ['a flag', evaluate({ accuracy: anything(1) }), `TypeError: ${name}: "accuracy" expected true or false, got 1`],
    [
      'bins',
      evaluate({ calibration: 0 }),
      `RangeError: ${name}: "calibration" expected true, or a number of bins in 1..10000, got 0`,
    ],
    [
      'a kind of array',
      evaluate({ argmax: anything(new Float64Array(2)) }),
      `TypeError: ${name}: "argmax" expected true or an Int32Array, got Float64Array of length 2`,
    ],
    [
      'a length',
      evaluate({ argmax: new Int32Array(3) }),
      `RangeError: ${name}: "argmax" expected length 2, one per row, got length 3`,
    ],
    [
      'a length of elements',
      () =>
        binaryCrossEntropy().evaluate(
          LOGITS,
          LOGITS.map(() => [0, 1]),
          { argmax: new Int32Array(3) },
        ),
      'RangeError: binary-cross-entropy: "argmax" expected length 4, one per logit, got length 3',
    ],
    [
      'a length of logits',
      evaluate({ probabilities: new Float64Array(2) }),
      `RangeError: ${name}: "probabilities" expected length 4, one per logit, got length 2`,
    ],
    [
      'a kind of buffer',
      evaluate({ hessianDiagonal: anything('yes') }),
      `TypeError: ${name}: "hessianDiagonal" expected true, a Float32Array or a Float64Array, got 'yes'`,
    ],
    [
      'overlap with the gradient',
      evaluate({ gradient: shared, hessianDiagonal: shared }),
      `RangeError: ${name}: "hessianDiagonal" expected memory of its own, got memory shared with "gradient"`,
    ],
    [
      'overlap with each other',
      evaluate({ probabilities: shared, hessianDiagonal: shared }),
      `RangeError: ${name}: "hessianDiagonal" expected memory of its own, got memory shared with "probabilities"`,
    ],
    [
      'overlap with an input',
      () => loss.evaluate({ data: shared, dims: [2, 2] }, LABELS, { probabilities: shared }),
      `RangeError: ${name}: "probabilities" expected memory of its own, got memory shared with "logits"`,
    ],
    [
      'overlap of argmax with the targets',
      () => {
        const labels = new Int32Array(2);
        return loss.evaluate(LOGITS, labels, { argmax: labels });
      },
      `RangeError: ${name}: "argmax" expected memory of its own, got memory shared with "targets"`,
    ],
    [
      'the floor of another surprisal',
      () =>
        overClasses({ kind: 'surprisal', terms: [{ coefficient: 1, power: 2, order: 0 }] }).evaluate(LOGITS, LABELS, {
          floor: true,
        }),
      'TypeError: with-steps: "floor" expected cross-entropy, whose smallest value is the entropy of its target, got another surprisal',
    ],
    [
      'the floor with a partition term',
      () => overClasses({ kind: 'partition', strength: 1 }).evaluate(LOGITS, LABELS, { floor: true }),
      'TypeError: with-steps: "floor" expected cross-entropy, whose smallest value is the entropy of its target, got a step \'partition\'',
    ],
    [
      'second derivatives by probabilities',
      evaluate({ input: 'probabilities', hessianDiagonal: true }),
      `TypeError: ${name}: "hessianDiagonal" expected input: 'logits', got input: 'probabilities'`,
    ],
    [
      'details of a tile rule',
      () => outside().evaluate(LOGITS, LABELS, { accuracy: true }),
      'TypeError: outside: "accuracy" expected a loss whose link computes details, got a tile rule',
    ],
    [
      'output of a call in parts',
      () => callPreparer(loss)(LOGITS, LABELS, { hessianDiagonal: true }),
      `TypeError: ${name}: "hessianDiagonal" expected a call in one piece, got a call in parts; ask the loss itself for it, in a call of its own`,
    ],
    [
      'a merge of what was not asked for everywhere',
      () => mergeEvaluations(loss.evaluate(LOGITS, LABELS, { perClass: true }), loss.evaluate(LOGITS, LABELS)),
      'RangeError: mergeEvaluations: "parts[1].perClass" expected 2 classes like the first part, got nothing; ask for the same in every call',
    ],
    [
      'a merge of other bins',
      () =>
        mergeEvaluations(
          loss.evaluate(LOGITS, LABELS, { calibration: 5 }),
          loss.evaluate(LOGITS, LABELS, { calibration: 6 }),
        ),
      'RangeError: mergeEvaluations: "parts[1].calibration" expected 5 bins like the first part, got 6 bins; ask for the same in every call',
    ],
    [
      'JSON that is no list',
      () => readEvaluation({ ...evaluated(), perClass: 3 }),
      'TypeError: readEvaluation: "perClass" expected an array of objects, got 3',
    ],
    [
      'JSON of a bad class',
      () => readEvaluation({ ...evaluated(), perClass: [{ sum: [0, 0], weight: [0, 0], rows: -1 }] }),
      'RangeError: readEvaluation: "perClass[0].rows" expected an integer of at least 0, got -1',
    ],
  ])('%s', (_, act, message) => {
    expect(messageOf(act)).toBe(message);
  });
});

function evaluated(): object {
  return loss.evaluate(LOGITS, LABELS).toJSON();
}

describe('outputs', () => {
  const outputs = () => ({
    argmax: new Int32Array(2).fill(7),
    probabilities: new Float64Array(4).fill(7),
    hessianDiagonal: new Float32Array(4).fill(7),
  });

  it('are untouched when a check fails that needs no logits', () => {
    const asked = outputs();
    expect(() => loss.evaluate(LOGITS, [0, 5], asked)).toThrow(RangeError);
    expect(asked).toEqual(outputs());
  });

  it('hold no half result when a bad logit is found', () => {
    const rows = 5000;
    const logits = new Float64Array(2 * rows);
    logits[2 * rows - 1] = NaN;
    const asked = {
      argmax: new Int32Array(rows),
      probabilities: new Float64Array(2 * rows),
      hessianDiagonal: new Float32Array(2 * rows),
    };
    expect(() => loss.evaluate(logits, new Int32Array(rows), { classes: 2, ...asked })).toThrow(RangeError);
    expect(asked.argmax.every((value) => value === -1)).toBe(true);
    expect(asked.probabilities.every(Number.isNaN)).toBe(true);
    expect(asked.hessianDiagonal.every(Number.isNaN)).toBe(true);
  });

  it('are written by valueAndGradient too, and left alone by value', () => {
    const asked = outputs();
    loss.value(LOGITS, LABELS, asked);
    expect(asked).toEqual(outputs());
    loss.valueAndGradient(LOGITS, LABELS, asked);
    expect(Array.from(asked.argmax)).toEqual([1, 1]);
    expect(asked.hessianDiagonal.every((value) => value > 0 && value < 1)).toBe(true);
  });

  it('per class of a tile rule needs index targets only', () => {
    const { perClass } = outside().evaluate(LOGITS, LABELS, { perClass: true });
    expect(perClass).toEqual([
      { sum: [1, 0], weight: [1, 0], rows: 1 },
      { sum: [1, 0], weight: [1, 0], rows: 1 },
    ]);
  });
});

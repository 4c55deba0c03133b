import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { randomNumbers } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { lossId, mergeEvaluations, readEvaluation, type Evaluation } from './index.js';
import { addAll, emptySum, partsOf, type SumParts } from './exact-sum.js';
import { messageOf } from './testing/message-of.js';

const ce = categoricalCrossEntropy();
const SEED = 20;

/** Rows whose losses span many orders of magnitude. */
function batch(rows: number): { logits: number[][]; labels: number[] } {
  const random = randomNumbers(SEED);
  const logits = Array.from({ length: rows }, () => Array.from({ length: 4 }, () => random.normal() * 50));
  return { logits, labels: logits.map(() => random.below(4)) };
}

describe('a split of the data', () => {
  it.each([1, 7, 63, 64, 65, 500])(`at row %d merges to the whole to the last bit (seed ${String(SEED)})`, (at) => {
    const { logits, labels } = batch(1000);
    const whole = ce.evaluate(logits, labels);
    const parts = [
      ce.evaluate(logits.slice(0, at), labels.slice(0, at)),
      ce.evaluate(logits.slice(at), labels.slice(at)),
    ];
    expect(mergeEvaluations(...parts)).toEqual(whole);
    expect(mergeEvaluations(...parts.reverse())).toEqual(whole);
    expect(mergeEvaluations(...parts.map((part) => readEvaluation(JSON.stringify(part))))).toEqual(whole);
  });

  it('into single rows, merged one after the other, is still the whole', () => {
    const { logits, labels } = batch(300);
    const rows = logits.map((row, index) => ce.evaluate([row], labels.slice(index, index + 1)));
    expect(rows.reduce<Evaluation>((merged, row) => mergeEvaluations(merged, row), mergeEvaluations())).toEqual(
      ce.evaluate(logits, labels),
    );
  });

  it('keeps NaN and Infinity through JSON', () => {
    const infinite = ce.evaluate([[0, -Infinity]], [1]);
    const bad = ce.evaluate([[0, Number.NaN]], [1], { invalid: 'propagate' });
    const fine = ce.evaluate([[0, 1]], [1]);
    expect(JSON.stringify(infinite)).toContain('"sum":["Infinity",0]');
    expect(mergeEvaluations(readEvaluation(JSON.stringify(infinite)), fine).value).toBe(Infinity);
    expect(mergeEvaluations(readEvaluation(JSON.stringify(bad)), fine).value).toBeNaN();
  });
});

describe('an evaluation', () => {
  it('can be cloned, spread and sent: it holds data only', () => {
    const evaluation = ce.evaluate([[1, 2]], [0], { losses: true });
    expect(structuredClone(evaluation)).toEqual(evaluation);
    expect(Object.isFrozen(evaluation)).toBe(true);
    expect(mergeEvaluations(evaluation)).not.toHaveProperty('losses');
  });

  it('has the mean beside the value, whatever the reduction', () => {
    const evaluation = ce.evaluate(
      [
        [1, 2],
        [2, 1],
      ],
      [0, 0],
      { reduction: 'sum' },
    );
    expect([evaluation.value, evaluation.mean]).toEqual([evaluation.sum[0], evaluation.sum[0] / 2]);
  });

  it('of nothing is empty and changes nothing', () => {
    const evaluation = ce.evaluate([[1, 2]], [0], { reduction: 'sum', denominator: 'rows' });
    expect(mergeEvaluations()).toMatchObject({ loss: '', sum: [0, 0], elements: 0, engines: [] });
    expect(mergeEvaluations().value).toBeNaN();
    expect(mergeEvaluations(mergeEvaluations(), evaluation)).toEqual(evaluation);
  });

  it('counts rows and elements apart where a row has several labels', () => {
    const bce = binaryCrossEntropy();
    const targets = [
      [1, 0, -1],
      [-1, -1, -1],
      [0, 0, 1],
    ];
    const logits = targets.map(() => [1, -1, 2]);
    expect(bce.evaluate(logits, targets, { ignoreIndex: -1 })).toMatchObject({
      elements: 5,
      rows: 2,
      ignored: 4,
      weight: [5, 0],
    });
    const columns = { data: [1, 1, 1, -1, -1, -1, 2, 2, 2], dims: [3, 3] };
    const transposed = { data: [1, -1, 0, 0, -1, 0, -1, -1, 1], dims: [3, 3] };
    expect(bce.evaluate(columns, transposed, { ignoreIndex: -1, axis: 0 })).toMatchObject({
      elements: 5,
      rows: 2,
      ignored: 4,
    });
    expect(
      bce.evaluate(logits, targets, {
        mask: [1, 0, 1],
        ignoreIndex: -1,
        sampleWeights: [2, 7, 3],
        labelWeights: [1, 2, 4],
      }),
    ).toMatchObject({
      weight: [2 + 4 + 3 + 6 + 12, 0],
      rows: 2,
    });
  });
});

describe('what cannot be merged or read', () => {
  const evaluation = ce.evaluate([[1, 2]], [0]);
  const json = JSON.parse(JSON.stringify(evaluation)) as Record<string, unknown>;
  const other = labelSmoothed(ce, { smoothing: 0.1 });
  it.each([
    [
      'another loss',
      () => mergeEvaluations(evaluation, other.evaluate([[1, 2]], [0])),
      `RangeError: mergeEvaluations: "parts[1].loss" expected '${lossId(ce)}' like the first part, got '${lossId(other)}'`,
    ],
    [
      'another reduction',
      () => mergeEvaluations(evaluation, ce.evaluate([[1, 2]], [0], { reduction: 'sum' })),
      `RangeError: mergeEvaluations: "parts[1].reduction" expected 'mean' like the first part, got 'sum'`,
    ],
    [
      'another denominator',
      () => mergeEvaluations(evaluation, ce.evaluate([[1, 2]], [0], { denominator: 7 })),
      `RangeError: mergeEvaluations: "parts[1].denominator" expected 'weight' like the first part, got 7`,
    ],
    ['a string', () => readEvaluation('3'), 'TypeError: readEvaluation: "json" expected an object, or its text, got 3'],
    [
      'another version',
      () => readEvaluation({ ...json, version: 2 }),
      'RangeError: readEvaluation: "version" expected 1, got 2',
    ],
    [
      'no loss',
      () => readEvaluation({ ...json, loss: 3 }),
      'TypeError: readEvaluation: "loss" expected a string, got 3',
    ],
    [
      'a null sum',
      () => readEvaluation({ ...json, sum: [null, 0] }),
      `TypeError: readEvaluation: "sum[0]" expected a number, 'NaN', 'Infinity' or '-Infinity', got null; stringify the evaluation itself, since a copy of it has lost its toJSON`,
    ],
    [
      'a sum of text',
      () => readEvaluation({ ...json, sum: [0, 'many'] }),
      `TypeError: readEvaluation: "sum[1]" expected a number, 'NaN', 'Infinity' or '-Infinity', got 'many'`,
    ],
    [
      'a single number',
      () => readEvaluation({ ...json, weight: 1 }),
      'TypeError: readEvaluation: "weight" expected a pair of numbers [high, low], got 1',
    ],
    [
      'an infinite tail',
      () => readEvaluation({ ...json, sumTail: [Infinity] }),
      'TypeError: readEvaluation: "sumTail" expected an array of numbers, got Array of length 1',
    ],
    [
      'a fractional count',
      () => readEvaluation({ ...json, rows: 0.5 }),
      'RangeError: readEvaluation: "rows" expected an integer of at least 0, got 0.5',
    ],
    [
      'a wrong reduction',
      () => readEvaluation({ ...json, reduction: 'none' }),
      `RangeError: readEvaluation: "reduction" expected one of 'mean', 'sum', got 'none'`,
    ],
    [
      'a wrong denominator',
      () => readEvaluation({ ...json, denominator: -1 }),
      `RangeError: readEvaluation: "denominator" expected one of 'weight', 'rows', 'elements', got -1`,
    ],
    [
      'engines that are no list',
      () => readEvaluation({ ...json, engines: 'typescript' }),
      `TypeError: readEvaluation: "engines" expected an array of names, got 'typescript'`,
    ],
    [
      'an engine without name',
      () => readEvaluation({ ...json, engines: [1] }),
      'TypeError: readEvaluation: "engines[0]" expected a string, got 1',
    ],
  ])('is refused: %s', (_, call, message) => {
    expect(messageOf(call)).toBe(message);
  });
});

describe('an exact sum', () => {
  /** The parts of a sum in the order given. */
  const partsIn = (terms: readonly number[]): SumParts => {
    const sum = emptySum();
    addAll(sum, terms, terms.length);
    return partsOf(sum);
  };

  it.each([
    ['what float64 drops', [1, 2 ** -70, 2 ** 55, -(2 ** 55), 3 * 2 ** -70], [1, 2 ** -68], []],
    ['terms 300 orders apart', [1e200, 1, 1e-100, 1e-300, 1e-100], [1e200, 1], [2e-100, 1e-300]],
    ['a tie that what follows decides', [1, 2 ** -53, 2 ** -110], [1 + 2 ** -52, -(2 ** -53)], [2 ** -110]],
    ['terms that cancel', [0.1, 0.2, -0.1, -0.2], [0, 0], []],
    ['an infinite term', [1, Infinity, 1], [Infinity, 0], []],
    ['an overflow', [1.7e308, 1.7e308], [Infinity, 0], []],
  ] as const)('keeps %s, in any order', (_, terms, pair, tail) => {
    expect(partsIn(terms)).toEqual({ pair, tail });
    expect(partsIn([...terms].reverse())).toEqual({ pair, tail });
    expect(partsIn([...terms].sort((one, other) => one - other))).toEqual({ pair, tail });
  });

  it('is NaN where a term is', () => {
    expect(partsIn([1, Number.NaN]).pair).toEqual([Number.NaN, 0]);
  });
});

describe('the id of a loss', () => {
  it('is the same for the same options and differs for others', () => {
    const id = lossId(other(0.1));
    expect(id).toMatch(/^label-smoothed\+categorical-cross-entropy@[0-9a-f]{16}$/);
    expect(lossId(labelSmoothed(ce, { spread: 'all', smoothing: 0.1 }))).toBe(id);
    expect(lossId(other(0.2))).not.toBe(id);
  });

  it('ends in the 64-bit FNV-1a hash of the canonical JSON, as published test vectors have it', () => {
    // RFC 9923, test vectors: the hash of nothing is the offset basis, that of "foobar" 85944171f73967e8.
    const hashOf = (text: string): string => {
      let hash = 0xcbf29ce484222325n;
      for (const character of text)
        hash = BigInt.asUintN(64, (hash ^ BigInt(character.charCodeAt(0))) * 0x100000001b3n);
      return hash.toString(16).padStart(16, '0');
    };
    expect(hashOf('foobar')).toBe('85944171f73967e8');
    expect(lossId(ce)).toBe(`categorical-cross-entropy@${hashOf('{"loss":"categorical-cross-entropy","version":1}')}`);
  });

  const other = (smoothing: number): ReturnType<typeof labelSmoothed<'softmax'>> => labelSmoothed(ce, { smoothing });
});

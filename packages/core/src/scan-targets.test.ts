// What is found by a look at whole arrays must be what reading their numbers one by one finds.
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { randomNumbers } from '@surprisal/reference';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import type { CallOptions } from './index.js';
import { messageOf } from './testing/message-of.js';

const loss = binaryCrossEntropy();
const engines = loss.link.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);
const INTEGERS = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array] as const;

const random = randomNumbers(7);
const logits = Float32Array.from({ length: 5003 }, () => 3 * random.normal());
const targets = Array.from(logits, () => random.below(2));
const wide = Float64Array.from(targets);

describe.each(INTEGERS)('binary targets in $name', (type) => {
  it.each([0, 1, 2, 3, 5])('anywhere in memory, %d from its start, are those in float64', (before) => {
    const part = type.from([...targets.slice(0, before), ...targets]).subarray(before);
    for (const engine of engines)
      expect(loss.evaluate(logits, part, { engine, gradient: true })).toEqual(
        loss.evaluate(logits, wide, { engine, gradient: true }),
      );
  });

  it.each([0, 1, 2, 3, 4, 2500, 5001, 5002])('are refused where one, at %d, is 2', (position) => {
    const wrong = type.from(targets);
    wrong[position] = 2;
    const gradient = new Float32Array(logits.length);
    expect(messageOf(() => loss.valueAndGradient(logits, wrong, { gradient }))).toBe(
      `RangeError: binary-cross-entropy: "targets[${String(position)}]" expected a number in [0, 1], got 2; if the target marks elements to leave out, pass ignoreIndex: 2`,
    );
    expect(gradient.every((value) => value === 0)).toBe(true);
  });
});

it.each([Int8Array, Int16Array, Int32Array])('the smallest integer is no binary target, %o', (type) => {
  const wrong = type.from(targets);
  wrong[17] = -(2 ** (8 * type.BYTES_PER_ELEMENT - 1));
  expect(messageOf(() => loss.value(logits, wrong))).toContain('"targets[17]"');
});

describe('binary targets in float32', () => {
  const soft = Float32Array.from(logits, () => random.pick([0, 1, 2 ** -149, 1 - 2 ** -24, 0.5]));

  it('from 0 to 1, and -0, are those in float64', () => {
    soft[11] = -0;
    for (const engine of engines)
      expect(loss.evaluate(logits, soft, { engine, gradient: true })).toEqual(
        loss.evaluate(logits, Float64Array.from(soft), { engine, gradient: true }),
      );
  });

  it.each([-(2 ** -149), 1 + 2 ** -23, NaN, Infinity, -Infinity])('are refused where one is %d', (value) => {
    for (const position of [0, 1, 5002]) {
      const wrong = soft.slice();
      wrong[position] = value;
      expect(messageOf(() => loss.value(logits, wrong))).toContain(`"targets[${String(position)}]"`);
    }
  });
});

describe.each(INTEGERS)('class indices in $name', (type) => {
  const categorical = categoricalCrossEntropy();
  const classes = 3;
  const rows = 4500;
  const scores = Float32Array.from({ length: rows * classes }, () => 3 * random.normal());
  const indices = Array.from({ length: rows }, () => random.below(classes));
  const weights = Float32Array.from(indices, () => random.uniform());

  it.each([0, 1, 2, 3])('anywhere in memory, %d from its start, are those in float64', (before) => {
    const part = type.from([...indices.slice(0, before), ...indices]).subarray(before);
    for (const engine of engines)
      for (const options of [{}, { sampleWeights: weights }, { losses: true as const }, { argmax: true as const }])
        for (const one of [categorical, classWeighted(categorical, { weights: [0.1, 1.7, 1] })]) {
          const call = { classes, engine, gradient: true as const, ...options };
          const expected = one.evaluate(scores, Float64Array.from(indices), call);
          expect(one.evaluate(scores, part, call)).toEqual(expected);
        }
  });

  it.each([0, 1, 4095, 4096, 4498, 4499])('are refused where one, at %d, is no class', (position) => {
    const bits = 8 * type.BYTES_PER_ELEMENT;
    for (const label of [classes, type.of(-1)[0], type.of(-(2 ** (bits - 1)))[0]]) {
      const wrong = type.from(indices);
      wrong[position] = label;
      if (wrong[position] === indices[position] || (label >= 0 && label < classes)) continue;
      const gradient = new Float32Array(scores.length);
      expect(messageOf(() => categorical.valueAndGradient(scores, wrong, { classes, gradient }))).toBe(
        `RangeError: categorical-cross-entropy: "targets[${String(position)}]" expected an integer class index in 0..2, got ${String(label)}; if the label marks rows to leave out, pass ignoreIndex: ${String(label)}`,
      );
      expect(gradient.every((value) => value === 0)).toBe(true);
      const kept = categorical.evaluate(scores, wrong, { classes, ignoreIndex: label, gradient: true });
      expect(kept.ignored).toBe(1);
    }
  });

  it('in memory of several threads are those in float64', () => {
    const Shared = type as unknown as new (buffer: SharedArrayBuffer) => Int32Array;
    const shared = new Shared(new SharedArrayBuffer(rows * type.BYTES_PER_ELEMENT));
    shared.set(indices);
    const call = { classes, gradient: true } as const;
    expect(categorical.evaluate(scores, shared, call)).toEqual(
      categorical.evaluate(scores, Float64Array.from(indices), call),
    );
  });
});

describe('what a call counts', () => {
  const labels = Uint8Array.from(targets);
  const sampleWeights = Float32Array.from(logits, () => random.uniform());
  const weighted = classWeighted(loss, { weights: [0.1, 1.7] });
  const calls: Record<string, CallOptions> = {
    'nothing more': {},
    'sample weights': { sampleWeights },
    'labels of rows': { labels: 5003, denominator: 'rows' },
    'a row of two labels with weights': { labelWeights: [1], sampleWeights },
    'a mask': { mask: targets, sampleWeights },
    'an ignored label': { ignoreIndex: 0 },
  };

  it.each(Object.keys(calls))('is the same from integers as from float64, and with losses: %s', (name) => {
    for (const one of [loss, weighted])
      for (const engine of engines) {
        const options = { ...calls[name], engine, gradient: true };
        const expected = one.evaluate(logits, wide, options);
        expect(one.evaluate(logits, labels, options)).toEqual(expected);
        const { losses, ...rest } = one.evaluate(logits, labels, { ...options, losses: true });
        expect(losses).toHaveLength(logits.length);
        expect(rest).toEqual({ ...expected });
      }
  });

  it.each([-1, NaN, Infinity, -Infinity])('is refused where a sample weight is %d', (weight) => {
    for (const one of [loss, weighted, classWeighted(loss, { weights: [0, 0] })])
      for (const given of [labels, wide]) {
        const wrong = sampleWeights.slice();
        wrong[4500] = weight;
        expect(messageOf(() => one.value(logits, given, { sampleWeights: wrong }))).toBe(
          `RangeError: ${one.name}: "sampleWeights[4500]" expected a finite number of at least 0, got ${String(weight)}`,
        );
        const mask = Uint8Array.from(logits, (_, i) => Number(i !== 4500));
        expect(one.evaluate(logits, given, { sampleWeights: wrong, mask })).toEqual(
          one.evaluate(logits, given, { sampleWeights, mask }),
        );
      }
  });
});

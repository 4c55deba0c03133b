// What is found by a look at whole arrays must be what reading their numbers one by one finds.
import { binaryCrossEntropy } from '@surprisal/binary';
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

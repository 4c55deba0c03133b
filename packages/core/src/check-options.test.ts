import { describe, expect, it } from 'vitest';
import { checkOptions, withoutDefaults } from './check-options.js';
import type { OptionSpecs } from './plugin.js';
import { messageOf } from './testing/message-of.js';

interface Options {
  readonly rate?: number;
  readonly count?: number;
  readonly mode?: string;
  readonly strict?: boolean;
  readonly allowed?: readonly boolean[];
  readonly weights?: readonly number[] | Float32Array;
  readonly cap?: number;
}

const SPECS: OptionSpecs<Options> = {
  rate: { kind: 'number', above: 0, maximum: 1, default: 0.5 },
  count: { kind: 'number', integer: true, optional: true },
  mode: { kind: 'choice', choices: ['a', 'b'], default: 'a' },
  strict: { kind: 'boolean', default: false },
  allowed: { kind: 'booleans', optional: true },
  weights: { kind: 'vector', above: 0, optional: true },
  cap: { kind: 'number', maximum: 10, optional: true },
};

const check = (options: unknown): object => checkOptions('gadget', SPECS, options as Options);

describe('options', () => {
  it('get their defaults, and typed arrays become numbers', () => {
    expect(check(undefined)).toEqual({ rate: 0.5, mode: 'a', strict: false });
    expect(check({ weights: Float32Array.of(1, 0.5), allowed: [true, false], cap: -3, count: 2 })).toEqual({
      rate: 0.5,
      mode: 'a',
      strict: false,
      weights: [1, 0.5],
      allowed: [true, false],
      cap: -3,
      count: 2,
    });
  });

  it('leave the defaults out of JSON', () => {
    expect(withoutDefaults(SPECS, check({ rate: 0.5, mode: 'b', strict: false }))).toEqual({ mode: 'b' });
  });

  it('are checked without touching what was given', () => {
    const weights = [1, 2];
    const checked = check({ weights }) as { weights: number[] };
    expect(checked.weights).not.toBe(weights);
    expect(Object.isFrozen(checked)).toBe(true);
    expect(Object.isFrozen(checked.weights)).toBe(true);
    expect(Object.isFrozen(weights)).toBe(false);
  });

  it.each([
    [{ rate: 0 }, 'RangeError: gadget: "rate" expected a finite number in (0, 1], got 0'],
    [{ rate: Infinity }, 'RangeError: gadget: "rate" expected a finite number in (0, 1], got Infinity'],
    [{ rate: null }, 'TypeError: gadget: "rate" expected a finite number in (0, 1], got null'],
    [{ count: 1.5 }, 'RangeError: gadget: "count" expected an integer, got 1.5'],
    [{ cap: 11 }, 'RangeError: gadget: "cap" expected a finite number of at most 10, got 11'],
    [{ mode: 3 }, `TypeError: gadget: "mode" expected one of 'a', 'b', got 3`],
    [{ strict: 'yes' }, `TypeError: gadget: "strict" expected true or false, got 'yes'`],
    [{ allowed: [1] }, 'TypeError: gadget: "allowed" expected an array of booleans, got Array of length 1'],
    [{ allowed: true }, 'TypeError: gadget: "allowed" expected an array of booleans, got true'],
    [{ weights: 3 }, 'TypeError: gadget: "weights" expected an array of numbers, got 3'],
    [
      { weights: BigInt64Array.of(1n) },
      'TypeError: gadget: "weights" expected an array of numbers, got BigInt64Array of length 1',
    ],
    [{ weights: [1, -0] }, 'RangeError: gadget: "weights[1]" expected a finite number greater than 0, got -0'],
    [{ weights: [10n] }, 'TypeError: gadget: "weights" expected an array of numbers, got Array of length 1'],
    [[], 'TypeError: gadget: "options" expected an object, got Array of length 0'],
    [null, 'TypeError: gadget: "options" expected an object, got null'],
    [
      { ['x'.repeat(80)]: 1 },
      `TypeError: gadget: "options" expected one of the options rate, count, mode, strict, allowed, weights, cap, got '${'x'.repeat(57)}...'`,
    ],
  ])('are refused by their whole message: %o', (options, message) => {
    expect(messageOf(() => check(options))).toBe(message);
  });
});

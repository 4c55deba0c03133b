import { fourPointGradient } from '@surprisal/test-kit';
import { describe, expect, it } from 'vitest';
import { elasticNet, l1, l2, type Regularizer } from './index.js';

const WEIGHTS = Float64Array.of(1, -2, 0.5, 3, -0.25);
const regularizers: readonly (readonly [string, Regularizer])[] = [
  ['l1', l1({ strength: 0.5 })],
  ['l2', l2({ strength: 0.5 })],
  ['elasticNet', elasticNet({ strength: 0.5, ratio: 0.25 })],
];

describe('the penalties are what their documentation shows', () => {
  it.each([
    ['l1', l1({ strength: 0.1 }), 0.3],
    ['l2', l2({ strength: 0.1 }), 0.25],
    ['elasticNet', elasticNet({ strength: 0.1, ratio: 0.5 }), 0.275],
  ])('%s', (_, regularizer, value) => {
    expect(regularizer.value([1, -2, 0])).toBeCloseTo(value, 15);
  });
});

describe.each(regularizers)('%s', (name, regularizer) => {
  it('has the gradient of its value', () => {
    const { value, gradient } = regularizer.valueAndGradient(WEIGHTS);
    const positions = Array.from(WEIGHTS.keys());
    // Linear or quadratic beside 0: four-point differences are exact but for rounding.
    const expected = fourPointGradient((moved) => regularizer.value(moved), WEIGHTS, positions, 2 ** -10);
    expect(value).toBe(regularizer.value(WEIGHTS));
    positions.forEach((index) => expect(gradient[0]?.[index]).toBeCloseTo(expected[index] ?? NaN, 10));
  });

  it('takes several arrays as one', () => {
    const { value, gradient } = regularizer.valueAndGradient([
      WEIGHTS.slice(0, 2),
      Float32Array.from(WEIGHTS.slice(2)),
    ]);
    const whole = regularizer.valueAndGradient(WEIGHTS);
    expect(value).toBe(whole.value);
    expect(gradient.map(({ constructor }) => constructor)).toEqual([Float64Array, Float32Array]);
    expect(gradient.flatMap((array) => [...array])).toEqual([...(whole.gradient[0] ?? [])]);
  });

  it('is added to the gradient of a loss, or overwrites what is there', () => {
    const own = regularizer.valueAndGradient(WEIGHTS).gradient[0] ?? [];
    const gradient = Float64Array.of(10, 20, 30, 40, 50);
    const added = regularizer.valueAndGradient(WEIGHTS, { gradient, add: true });
    expect(added.gradient[0]).toBe(gradient);
    expect([...gradient]).toEqual([10, 20, 30, 40, 50].map((slope, index) => slope + (own[index] ?? 0)));
    regularizer.valueAndGradient(WEIGHTS, { gradient });
    expect([...gradient]).toEqual([...own]);
  });

  it('leaves the parameters as they are', () => {
    const before = WEIGHTS.slice();
    regularizer.valueAndGradient(WEIGHTS);
    expect(WEIGHTS).toEqual(before);
  });

  it('says what it is', () => {
    expect(JSON.parse(JSON.stringify(regularizer))).toMatchObject({ regularizer: name, strength: 0.5 });
  });

  it('has no slope at 0', () => {
    expect([...(regularizer.valueAndGradient([0, -0]).gradient[0] ?? [])]).toEqual([0, 0]);
  });
});

describe('the limits', () => {
  it('a strength of 0 is no penalty', () => {
    for (const none of [l1({ strength: 0 }), l2({ strength: 0 }), elasticNet({ strength: 0, ratio: 0.5 })]) {
      expect(none.value(WEIGHTS)).toBe(0);
      expect([...(none.valueAndGradient(WEIGHTS).gradient[0] ?? [])].every((slope) => slope === 0)).toBe(true);
    }
  });

  it('an elastic net of ratio 1 is l1, of ratio 0 l2', () => {
    const whole = (regularizer: Regularizer): unknown => regularizer.valueAndGradient(WEIGHTS);
    expect(whole(elasticNet({ strength: 0.3, ratio: 1 }))).toEqual(whole(l1({ strength: 0.3 })));
    expect(whole(elasticNet({ strength: 0.3, ratio: 0 }))).toEqual(whole(l2({ strength: 0.3 })));
  });

  it('a million small parameters keep their digits beside a large one', () => {
    const parameters = new Float64Array(1_000_001).fill(1e-8);
    parameters[0] = 1e8;
    // 1e8 + 1e6 1e-8; plain summation would leave 1e8.
    expect(l1({ strength: 1 }).value(parameters)).toBe(1e8 + 0.01);
  });

  it('a penalty that overflows is Infinity', () => {
    expect(l2({ strength: 1 }).value([1e200])).toBe(Infinity);
  });
});

describe('what makes no sense', () => {
  const penalty = l2({ strength: 1 });
  it.each([
    [
      'a negative strength',
      () => l1({ strength: -1 }),
      new RangeError('l1: "strength" expected a finite number of at least 0, got -1'),
    ],
    [
      'no strength',
      () => l2({} as never),
      new TypeError('l2: "strength" expected a finite number of at least 0, got undefined'),
    ],
    [
      'a ratio above 1',
      () => elasticNet({ strength: 1, ratio: 2 }),
      new RangeError('elasticNet: "ratio" expected a number in [0, 1], got 2'),
    ],
    [
      'parameters that are no numbers',
      () => penalty.value(['1'] as never),
      new TypeError(`l2: "parameters[0]" expected an array of numbers, got '1'`),
    ],
    [
      'integers',
      () => penalty.value(Int32Array.of(1) as never),
      new TypeError('l2: "parameters" expected an array of numbers, got Int32Array of length 1'),
    ],
    [
      'a parameter that is not finite',
      () => penalty.value([Float32Array.of(1), Float32Array.of(1, NaN)]),
      new RangeError('l2: "parameters[1][1]" expected a finite number, got NaN'),
    ],
    [
      'a gradient of another length',
      () => penalty.valueAndGradient(WEIGHTS, { gradient: new Float64Array(3) }),
      new RangeError('l2: "gradient" expected length 5, as the parameters have, got length 3'),
    ],
    [
      'too few gradients',
      () => penalty.valueAndGradient([WEIGHTS, WEIGHTS], { gradient: new Float64Array(5) }),
      new RangeError('l2: "gradient" expected 2 arrays, one for each of the parameters, got 1'),
    ],
    [
      'a gradient that is a plain array',
      () => penalty.valueAndGradient([1, 2], { gradient: [0, 0] as never }),
      new TypeError('l2: "gradient" expected a Float32Array or a Float64Array, got Array of length 2'),
    ],
    [
      'a gradient in the memory of the parameters',
      () => penalty.valueAndGradient(WEIGHTS, { gradient: WEIGHTS }),
      new RangeError('l2: "gradient" expected memory of its own, got memory shared with "parameters"'),
    ],
  ])('%s is refused', (_, make, error) => {
    expect(make).toThrow(error);
  });

  it('a refused call leaves the outputs untouched', () => {
    const gradient = Float64Array.of(7, 7);
    expect(() => penalty.valueAndGradient([1, NaN], { gradient })).toThrow(RangeError);
    expect(gradient).toEqual(Float64Array.of(7, 7));
  });
});

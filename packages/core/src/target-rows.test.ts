import { categoricalCrossEntropy } from '@surprisal/categorical';
import { classWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { narrowHalf } from './float16.js';

const ce = categoricalCrossEntropy();
const PREFIX = 'categorical-cross-entropy: "targets';

type Numbers = Float32Array | Float64Array;
const TYPES = [Float32Array, Float64Array] as const;

/** Rows of so many classes whose numbers are powers of two, so that their sum is 1 in any order. */
function rowsOf(Type: (typeof TYPES)[number], rows: number, classes: number): Numbers {
  const values = new Type(rows * classes);
  for (let at = 0; at < values.length; at++) values[at] = at % classes === 0 ? 1 - (classes - 1) / 1024 : 1 / 1024;
  return values;
}

function evaluate(targets: Numbers, classes: number, options: { readonly unnormalized?: boolean } = {}): number {
  const logits = new Float32Array(targets.length);
  return ce.value(logits, targets, { classes, ...options });
}

describe.each(TYPES)('target rows of %o', (Type) => {
  it.each([2, 3, 4, 5, 7, 8, 33])(
    'of %d classes are refused for any one number that is wrong, wherever it is',
    (classes) => {
      const good = rowsOf(Type, 2, classes);
      expect(evaluate(good, classes)).toBeCloseTo(Math.log(classes), 6);
      for (let at = 0; at < good.length; at++)
        for (const bad of [-0.5, -1e-30, NaN, Infinity, -Infinity, 1.5]) {
          const targets = good.slice();
          targets[at] = bad;
          const got = String(targets[at]);
          expect(() => evaluate(targets, classes)).toThrow(
            new RangeError(`${PREFIX}[${String(at)}]" expected a probability in [0, 1], got ${got}`),
          );
        }
    },
  );

  it('may have -0, and sum to one within the tolerance but not beyond', () => {
    const tolerance = Type === Float32Array ? 1e-4 : 1e-9;
    const near = Type.of(-0, 0.5, 0.25, 0.25 + 0.9995 * tolerance, 0);
    expect(evaluate(near, 5)).toBeGreaterThan(0);
    for (const sign of [-1, 1]) {
      const far = Type.of(0, 0.5, 0.25, 0.25 + 1.01 * sign * tolerance, 0);
      const sum = [...far].reduce((total, value) => total + value, 0);
      expect(() => evaluate(far, 5)).toThrow(
        new RangeError(
          `${PREFIX}[0]" expected a row of probabilities that sums to 1 (row 0), got a sum of ${String(sum)}; ` +
            'for multi-hot or other unnormalised targets pass unnormalized: true',
        ),
      );
    }
  });

  it('that need not be normalised are refused where a number is negative or infinite', () => {
    expect(evaluate(Type.of(3, 0, 1e30, 2), 4, { unnormalized: true })).toBeGreaterThan(1e29);
    for (const bad of [-1e-30, Infinity, NaN]) {
      const targets = Type.of(3, 0, bad, 2);
      expect(() => evaluate(targets, 4, { unnormalized: true })).toThrow(
        new RangeError(`${PREFIX}[2]" expected a finite number of at least 0, got ${String(targets[2])}`),
      );
    }
  });
});

it('rows of more classes than are read at once are checked to their end', () => {
  for (const Type of TYPES) {
    const targets = new Type(2 * 5000);
    targets[0] = 1;
    targets[9999] = 1;
    expect(evaluate(targets, 5000)).toBeCloseTo(Math.log(5000), 6);
    targets[9998] = -1;
    expect(() => evaluate(targets, 5000)).toThrow(`${PREFIX}[9998]"`);
  }
});

it('the sum of float16 rows may be off by one in a thousand', () => {
  const call = (targets: readonly number[]): number =>
    ce.value([[0, 0, 0]], { data: Uint16Array.from(targets, narrowHalf), dims: [1, 3], type: 'float16' });
  expect(call([0.5, 0.25, 0.2490234375])).toBeGreaterThan(0);
  expect(() => call([0.5, 0.25, 0.248])).toThrow('sums to 1');
});

it('a mean is over the weights of the classes, whatever the type of the rows', () => {
  const weighted = classWeighted(ce, { weights: [1, 2, 4] });
  const rows = [0.5, 0.25, 0.25, 0, 0, 1];
  // 1/2 1 + 1/4 2 + 1/4 4, and 4.
  for (const targets of [Float32Array.from(rows), Float64Array.from(rows)])
    expect(weighted.evaluate(new Float32Array(6), targets, { classes: 3 }).weight).toEqual([6, 0]);
});

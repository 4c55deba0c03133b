import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { numberSource } from './index.js';
import { narrowHalf } from './float16.js';

const ce = categoricalCrossEntropy();
const bce = binaryCrossEntropy();

/** Reference values that do not come from our formulas: computed with PyTorch 1.13 and with 60-digit arithmetic. */
const Z = [
  [1, 2, 0.5],
  [0.1, -1, 3],
  [2, 2, 2],
  [-1, 0, 4],
];
const Y = [1, 2, 0, 9];
const W = [1, 2, 3];
const IGNORE = { ignoreIndex: 9 } as const;

describe('the golden numbers', () => {
  const weighted = classWeighted(ce, { weights: W });
  const smoothed = labelSmoothed(ce, { smoothing: 0.1 });
  it.each([
    ['cross-entropy', ce, [0.4643687841, 0.070774219, 1.0986122887, 0], 1.6337552917, 0.5445850972, 0.5445850972],
    ['weighted', weighted, [0.9287375682, 0.2123226569, 1.0986122887, 0], 2.2396725138, 0.3732787523, 0.7465575046],
    ['smoothed', smoothed, [0.5477021174, 0.300774219, 1.0986122887, 0], 1.9470886251, 0.6490295417, 0.6490295417],
    [
      'smoothed, then weighted',
      labelSmoothed(weighted, { smoothing: 0.1 }),
      [1.1120709015, 0.5685785683, 1.2084735175, 0],
      2.8891229874,
      0.4815204979,
      0.9630409958,
    ],
    [
      'weighted, then smoothed',
      classWeighted(smoothed, { weights: W }),
      undefined,
      3.0963391804,
      0.5160565301,
      1.0321130601,
    ],
  ] as const)('hold for %s', (_, loss, rows, sum, byWeight, byRows) => {
    const evaluation = loss.evaluate(Z, Y, { ...IGNORE, losses: true });
    expect(evaluation.sum[0]).toBeCloseTo(sum, 9);
    expect(evaluation.value).toBeCloseTo(byWeight, 9);
    expect(loss.value(Z, Y, { ...IGNORE, denominator: 'rows' })).toBeCloseTo(byRows, 9);
    for (const [index, row] of (rows ?? []).entries()) expect(evaluation.losses?.[index]).toBeCloseTo(row, 9);
  });

  it.each([
    ['binary cross-entropy', bce, 0.6157135086],
    ['smoothed', labelSmoothed(bce, { smoothing: 0.1 }), 0.6594635086],
    ['positive weight', positiveWeighted(bce, { weight: 3 }), 1.3358083579],
    [
      'positive weight, smoothed first',
      labelSmoothed(positiveWeighted(bce, { weight: 3 }), { smoothing: 0.1 }),
      1.4316202238,
    ],
  ] as const)('hold for %s', (_, loss, mean) => {
    expect(loss.value([2, -1, 0.5, -3], [1, 1, 0, 0])).toBeCloseTo(mean, 9);
  });
});

describe('a mean over nothing', () => {
  it.each([
    ['all ignored', Z, [9, 9, 9, 9], IGNORE],
    ['an empty batch', { data: new Float64Array(0), dims: [0, 3] }, [], {}],
    ['all weights zero', Z, [0, 0, 0, 0], { sampleWeights: [0, 0, 0, 0] }],
    ['all masked out', Z, [0, 0, 0, 0], { mask: [false, false, false, false] }],
  ] as const)('is NaN with gradient zeros: %s', (_, logits, targets, options) => {
    const { value, gradient } = ce.valueAndGradient(logits as never, targets, { ...options, gradient: true } as never);
    expect(value).toBeNaN();
    expect([...(gradient as Float64Array)].every((slope) => Object.is(slope, 0))).toBe(true);
    expect(ce.value(logits as never, targets, { ...options, whenEmpty: 'zero' })).toBe(0);
    expect(ce.value(logits as never, targets, { ...options, reduction: 'sum' })).toBe(0);
  });
});

describe('an ignored row', () => {
  it('is not read: NaN there is no error, and leaves value, gradient, weight and counts, its smoothing part included', () => {
    const loss = labelSmoothed(classWeighted(ce, { weights: W }), { smoothing: 0.1 });
    const logits = [...Z.slice(0, 3), [Number.NaN, Infinity, 1]];
    const options = { ...IGNORE, gradient: true, losses: true, sampleWeights: [1, 2, 3, Number.NaN] };
    const whole = loss.evaluate(logits, Y, options);
    const without = loss.evaluate(Z.slice(0, 3), Y.slice(0, 3), { ...options, sampleWeights: [1, 2, 3] });
    expect(whole.sum).toEqual(without.sum);
    expect(whole.weight).toEqual(without.weight);
    expect([whole.elements, whole.rows, whole.ignored]).toEqual([3, 3, 1]);
    expect([...(whole.gradient as Float64Array)]).toEqual([...(without.gradient as Float64Array), 0, 0, 0]);
    expect(whole.losses?.[3]).toBe(0);
  });

  it('leaves its class in the softmax of the others', () => {
    expect(ce.value(Z.slice(0, 2), [0, 1], { ignoreIndex: 1 })).toBe(ce.value(Z.slice(0, 1), [0]));
  });

  it('may be one of several, and a mask does the same for probability targets', () => {
    const rows = [
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
      [5, 5, 5],
    ];
    expect(ce.value(Z, [1, 2, -1, 9], { ignoreIndex: [-1, 9] })).toBe(ce.value(Z.slice(0, 2), [1, 2]));
    expect(ce.value(Z, rows, { mask: [1, 1, 1, 0] })).toBeCloseTo(ce.value(Z.slice(0, 3), [1, 2, 0]), 14);
  });
});

describe('infinite logits', () => {
  it('mask a class: nothing in the sum, gradient 0, no loss without mass, infinite loss under mass', () => {
    const logits = [[1, -Infinity, 2]];
    const { value, gradient } = ce.valueAndGradient(logits, [2]);
    expect(value).toBeCloseTo(ce.value([[1, 2]], [1]), 15);
    expect(gradient[1]).toBe(0);
    expect(ce.value(logits, [[0.5, 0, 0.5]])).toBeCloseTo(ce.value([[1, 2]], [[0.5, 0.5]]), 15);
    expect(ce.value(logits, [1])).toBe(Infinity);
    expect(ce.value(logits, [[0.5, 0.5, 0]])).toBe(Infinity);
    expect(labelSmoothed(ce, { smoothing: 0.1 }).value(logits, [2])).toBe(Infinity);
  });

  it.each([
    [-Infinity, 0, 0],
    [Infinity, 1, 0],
    [-Infinity, 1, Infinity],
    [-Infinity, 0.5, Infinity],
    [Infinity, 0, Infinity],
    [Infinity, 0.5, Infinity],
  ])('are certain binary predictions: logit %d, target %d, loss %d', (logit, target, loss) => {
    expect(bce.value([logit], [target])).toBe(loss);
  });

  it('have binary gradient 0 where the prediction is right', () => {
    expect([...bce.valueAndGradient([-Infinity, Infinity], [0, 1]).gradient]).toEqual([0, 0]);
  });
});

describe('NaN', () => {
  it('goes through as NaN of its own row where the caller asks for it', () => {
    const options = { invalid: 'propagate', losses: true, gradient: true } as const;
    const { losses, gradient, value } = ce.evaluate(
      [
        [1, 2, 3],
        [1, Number.NaN, 3],
      ],
      [0, 1],
      options,
    );
    expect(value).toBeNaN();
    expect(losses?.[0]).toBeCloseTo(2.4076059644443806, 14);
    expect([losses?.[1], ...[...(gradient as Float64Array)].slice(3)].every(Number.isNaN)).toBe(true);
    expect([...(gradient as Float64Array)].slice(0, 3).every(Number.isFinite)).toBe(true);
  });
});

describe('probabilities', () => {
  it('are taken as they are: -log p, gradient -1 / p, infinite at 0 under mass', () => {
    const options = { input: 'probabilities' } as const;
    const { value, gradient } = ce.valueAndGradient([[0.25, 0.5, 0.25]], [0], options);
    expect(value).toBeCloseTo(Math.LN2 * 2, 15);
    expect([...gradient]).toEqual([-4, 0, 0]);
    expect(ce.value([[0, 1]], [0], options)).toBe(Infinity);
    expect(ce.value([[0, 1]], [1], options)).toBe(0);
    expect(ce.value([[0, 1]], [0], { ...options, clip: 0.125 })).toBeCloseTo(Math.LN2 * 3, 15);
    expect(bce.value([0.25, 0.75], [1, 0], options)).toBeCloseTo(Math.LN2 * 2, 15);
    expect(ce.value([[-1, -2]], [1], { input: 'log-probabilities' })).toBe(2);
  });
});

describe('unnormalised targets', () => {
  it('keep the factor |u| in value and gradient', () => {
    const options = { unnormalized: true } as const;
    const half = ce.valueAndGradient([[1, 2, 0.5]], [[0.5, 0.5, 0]], options);
    const whole = ce.valueAndGradient([[1, 2, 0.5]], [[1, 1, 0]], options);
    expect(whole.value).toBeCloseTo(2 * half.value, 14);
    expect([...whole.gradient].every((slope, index) => Math.abs(slope - 2 * (half.gradient[index] ?? 0)) < 1e-15)).toBe(
      true,
    );
  });
});

describe('float16 logits', () => {
  it('are computed wide and rounded once, as half bits in a tensor and as what the runtime calls Float16Array', () => {
    const values = [1, 2, 0.5, 0.0999755859375, -1, 3];
    const bits = Uint16Array.from(values, narrowHalf);
    // This engine computes every type in float64.
    const asked = { gradient: true, losses: true, engine: 'typescript' } as const;
    const wide = ce.evaluate({ data: values, dims: [2, 3] }, [1, 2], asked);
    const half = ce.evaluate({ data: bits, dims: [2, 3], type: 'float16' }, [1, 2], asked);
    expect(half.sum).toEqual(wide.sum);
    expect([...(half.gradient as Uint16Array)]).toEqual(Array.from(wide.gradient as Float64Array, narrowHalf));
    expect([...(half.losses as Float32Array)]).toEqual(Array.from(wide.losses as Float64Array, Math.fround));
    const Half = (globalThis as unknown as { Float16Array?: new (values: number[]) => never }).Float16Array;
    const native = Half === undefined ? { data: bits, type: 'float16' } : { data: new Half(values) };
    expect(ce.value({ ...native, dims: [2, 3] }, [1, 2], { engine: 'typescript' })).toBe(wide.value);
    expect(numberSource(bits, 'float16').type).toBe('float16');
  });
});

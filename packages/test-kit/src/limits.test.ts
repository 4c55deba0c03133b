import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import type { Loss } from '@surprisal/core';
import { asymmetric, focal, poly1 } from '@surprisal/focal';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classMasked, softcap, temperature, zLoss } from '@surprisal/logits';
import { confidencePenalized, generalized, symmetric } from '@surprisal/robust';
import { balancedSoftmax, classWeighted, logitAdjusted, marginAdjusted, positiveWeighted } from '@surprisal/weighted';
import { describe, expect, it } from 'vitest';
import { random } from './random.js';

/** How far values may be from cross-entropy: 4 units of a double, or what the parameter itself leaves at this distance from its limit. */
const ROUNDING = 4 * 2 ** -52;
const CLASSES = 5;
const ROWS = 40;
const even = new Array<number>(CLASSES).fill(3);

type Limit<Wrapper> = readonly [name: string, wrap: Wrapper, tolerance?: number];
type Wrap = <Link extends 'softmax' | 'sigmoid'>(loss: Loss<Link>) => Loss<Link>;
type WrapElements = (loss: Loss<'sigmoid'>) => Loss<'sigmoid'>;

/** Vectors have two numbers on the sigmoid link. */
const outcomes = ({ link }: Loss, values: readonly number[]): readonly number[] =>
  link.name === 'sigmoid' ? values.slice(0, 2) : values;

const limits: readonly Limit<Wrap>[] = [
  ['gamma 0', (loss) => focal(loss, { gamma: 0 })],
  ['epsilon 0', (loss) => poly1(loss, { epsilon: 0 })],
  ['q 0', (loss) => generalized(loss, { q: 0 })],
  // (1 - e^(-q x)) / q = x (1 - q x / 2 + …) and p^q = 1 - q x + …: x is below 50 here.
  ['q towards 0', (loss) => generalized(loss, { q: 2 ** -60 }), 50 * 2 ** -60 + ROUNDING],
  ['a 1 and b 0', (loss) => symmetric(loss, { a: 1, b: 0 })],
  ['tau 0', (loss) => logitAdjusted(loss, { priors: outcomes(loss, [1, 2, 3, 4, 5]), tau: 0 })],
  ['margin 0', (loss) => marginAdjusted(loss, { counts: outcomes(loss, [1, 2, 3, 4, 5]), margin: 0 })],
  ['strength 0 of a z-loss', (loss) => zLoss(loss, { strength: 0 })],
  ['strength 0 of a confidence penalty', (loss) => confidencePenalized(loss, { strength: 0 })],
  ['smoothing 0', (loss) => labelSmoothed(loss, { smoothing: 0 })],
  ['smoothing 0 over the others', (loss) => labelSmoothed(loss, { smoothing: 0, spread: 'others' })],
  ['uniform weights', (loss) => classWeighted(loss, { weights: outcomes(loss, even) })],
  ['temperature 1', (loss) => temperature(loss, { temperature: 1 })],
  // t tanh(z / t) = z - z^3 / (3 t^2) + …: |z| is below 25, and a loss at least e^-50 of a gap that moves by that.
  ['a cap towards infinity', (loss) => softcap(loss, { cap: 2 ** 40 }), 2 ** -60 + 64 * ROUNDING],
];

/** Where the logits all move by the same, which rounds them. */
const shifts: readonly Limit<Wrap>[] = [
  ['even priors', (loss) => logitAdjusted(loss, { priors: outcomes(loss, even) })],
  ['even counts', (loss) => balancedSoftmax(loss, { counts: outcomes(loss, even) })],
];

function named<Wrapper>(
  list: readonly Limit<Wrapper>[],
): readonly { readonly name: string; readonly wrap: Wrapper; readonly tolerance: number }[] {
  return list.map(([name, wrap, tolerance = ROUNDING]) => ({ name, wrap, tolerance }));
}

const stream = random(11);
const logits = Float64Array.from({ length: ROWS * CLASSES }, () => 6 * stream.normal());
const labels = Array.from({ length: ROWS }, () => stream.integer(CLASSES));
const shares = Array.from({ length: ROWS }, () => {
  const masses = Array.from({ length: CLASSES }, () => stream.uniform());
  const sum = masses.reduce((total, mass) => total + mass, 0);
  return masses.map((mass) => mass / sum);
});

describe('over classes, cross-entropy is what is left at', () => {
  const plain = categoricalCrossEntropy();
  const shape = { data: logits, dims: [ROWS, CLASSES] };
  it.each(named(limits))('$name', ({ name, wrap, tolerance }) => {
    assertSame(wrap(plain), plain, shape, labels, tolerance);
    if (name !== 'margin 0') assertSame(wrap(plain), plain, shape, shares, tolerance);
  });
  it.each(named(shifts))('$name', ({ wrap }) => {
    // Logits up to 25 and offsets of 1 round by 2^-49, and the smallest losses have gaps of 50.
    assertSame(wrap(plain), plain, shape, labels, 2 ** -46);
    assertSame(wrap(plain), plain, shape, shares, 2 ** -46);
  });
  it('all classes allowed', () => {
    const allowed = new Array<boolean>(CLASSES).fill(true);
    assertSame(classMasked(plain, { allowed }), plain, shape, labels, ROUNDING);
  });
});

describe('over elements, binary cross-entropy is what is left at', () => {
  const plain = binaryCrossEntropy();
  const hard = Array.from(logits, (_, index) => index % 2);
  const soft = shares.flat();
  const binary: readonly Limit<WrapElements>[] = [
    ...limits,
    ...shifts,
    ['both gammas 0 without a shift', (loss) => asymmetric(loss, { gammaPositive: 0, gammaNegative: 0, shift: 0 })],
    ['positive weight 1', (loss) => positiveWeighted(loss, { weight: 1 })],
  ];
  it.each(named(binary))('$name', ({ name, wrap, tolerance }) => {
    assertSame(wrap(plain), plain, logits, hard, tolerance);
    if (name !== 'margin 0') assertSame(wrap(plain), plain, logits, soft, tolerance);
  });
});

/** The mean is that of cross-entropy, and so are the losses and gradients of all rows, in relative terms. */
function assertSame(
  loss: Loss,
  plain: Loss,
  given: Parameters<Loss['evaluate']>[0],
  targets: Parameters<Loss['evaluate']>[1],
  tolerance: number,
): void {
  const options = { losses: true, gradient: true } as const;
  const actual = loss.evaluate(given, targets, options);
  const expected = plain.evaluate(given, targets, options);
  expect(Math.abs(actual.value / expected.value - 1)).toBeLessThanOrEqual(tolerance);
  // Weights of 3 make rows three times as heavy, and the mean divides by that; so does the gradient.
  const scale = actual.weight[0] / expected.weight[0];
  const wanted = Array.from(expected.losses ?? [], (item) => item * scale);
  expect(wanted.length).toBeGreaterThanOrEqual(ROWS);
  assertNear(Array.from(actual.losses ?? []), wanted, wanted, tolerance);
  const slopes = Array.from(expected.gradient ?? []);
  // A slope p - u of a soft target is a difference of two numbers below 1 / n.
  const scales = slopes.map((slope) => (isSoft(targets) ? 1 / wanted.length : Math.abs(slope)));
  assertNear(Array.from(actual.gradient ?? []), slopes, scales, tolerance);
}

function isSoft(targets: unknown): boolean {
  return (targets as readonly unknown[]).flat().some((target) => !Number.isInteger(target));
}

function assertNear(
  actual: readonly number[],
  expected: readonly number[],
  scales: readonly number[],
  tolerance: number,
): void {
  const worst = actual.map((item, index) => Math.abs(item - (expected[index] ?? NaN)) / (scales[index] ?? NaN));
  expect(Math.max(...worst)).toBeLessThanOrEqual(tolerance);
}

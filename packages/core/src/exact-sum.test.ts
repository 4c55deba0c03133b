import { randomNumbers } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { addAll, addMultiple, emptySum, partsOf } from './exact-sum.js';

const UNIT = 1074n;

/** A number in units of 2^-1074, from its shortest fraction in powers of two. */
function unitsOf(value: number): bigint {
  let [scaled, exponent] = [Math.abs(value), 0n];
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent++;
  }
  return (BigInt(value < 0 ? -scaled : scaled) << UNIT) >> exponent;
}

function unitsOfParts(terms: readonly number[]): { readonly units: bigint; readonly proven: boolean } {
  const sum = emptySum();
  const proven = addAll(sum, Float64Array.from(terms), terms.length);
  const { pair, tail } = partsOf(sum);
  return { units: [...pair, ...tail].reduce((total, part) => total + unitsOf(part), 0n), proven };
}

const random = randomNumbers(5);
const many = (make: () => number): number[] => Array.from({ length: 4096 }, make);
const float32 = (): number => Math.fround(random.uniform());

describe('the sum of a tile', () => {
  it.each([
    ['weights of float32', many(float32), true],
    ['losses of float32', many(() => Math.fround(Math.exp(-20 * random.uniform()))), true],
    ['losses of float64', many(() => 0.01 + random.uniform()), true],
    ['an odd number of terms', many(float32).slice(0, 101), true],
    ['terms that are large together', many(() => 600 + random.uniform()), false],
    ['tiny terms', many(() => Math.exp(-200 * random.uniform())), false],
    ['terms of either sign', many(() => random.normal()), false],
    ['one large term', [...many(float32).slice(0, 4000), 1e17], false],
    ['one negative term', [...many(float32).slice(0, 4000), -0.5], false],
    ['few terms', many(float32).slice(0, 3), false],
  ])('has no rounding error: %s', (_, terms, onGrids) => {
    const { units, proven } = unitsOfParts(terms);
    expect(units).toBe(terms.reduce((total, term) => total + unitsOf(term), 0n));
    expect(proven).toBe(onGrids);
  });

  it.each([NaN, Infinity, -Infinity, -1e-300, -1])('does not prove terms right of which one is %d', (term) => {
    const terms = many(float32);
    terms[4001] = term;
    expect(addAll(emptySum(), terms, terms.length)).toBe(false);
  });
});

describe('a multiple', () => {
  it.each([
    [0.1, 3],
    [Math.PI, 4_000_001],
    [1e-310, 2 ** 40 - 1],
    [0, 5],
    [0.3, 0],
  ])('of %d, %d times, is the product without rounding error', (term, count) => {
    const sum = emptySum();
    addMultiple(sum, term, count);
    const { pair, tail } = partsOf(sum);
    const units = [...pair, ...tail].reduce((total, part) => total + unitsOf(part), 0n);
    expect(units).toBe(unitsOf(term) * BigInt(count));
  });

  it('overflows to infinity', () => {
    const sum = emptySum();
    addMultiple(sum, 1e308, 3);
    expect(partsOf(sum).pair[0]).toBe(Infinity);
  });
});

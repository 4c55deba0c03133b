import { describe, expect, it } from 'vitest';
import { float32Errors } from '../../testing/float32-errors.js';
import { layoutOf } from '../../testing/random-elements.js';
import { runEngine } from '../../testing/run-engine.js';
import { draws, hashOfBits } from '../../testing/ulps.js';
import { simdEngine } from './simd-engine.js';
import { plainElements, relaxedElements } from './sigmoid-program.js';

/** Node 20 has no relaxed operations. */
const programs = [
  { name: 'plain', program: plainElements.load() },
  { name: 'relaxed', program: relaxedElements.load() },
].flatMap(({ name, program }) => (program === undefined ? [] : [{ name, program }]));

const INFINITY_BITS = 0x7f800000;
const SIGN_BIT = 0x80000000;
/** A prime; `scripts/float32-errors.ts` takes every number. */
const STEP = 4099;

describe.each(programs)('the float32 functions of the $name program, a number in 4099', ({ program }) => {
  it.each([
    ['z >= 0', 0],
    ['z < 0', SIGN_BIT],
  ])('%s: exp within 1 ulp, log1p 1.75, softplus and sigmoid 2.5', (_, first) => {
    const { exp, log1p, softplus, sigmoid } = float32Errors(program, first, first + INFINITY_BITS, STEP);
    expect(exp.ulps).toBeLessThanOrEqual(1);
    expect(log1p.ulps).toBeLessThanOrEqual(1.75);
    expect(softplus.ulps).toBeLessThanOrEqual(2.5);
    expect(sigmoid.ulps).toBeLessThanOrEqual(2.5);
  });
});

describe('the plain program', () => {
  it.each([
    ['float32', '3b5ca685'],
    ['float64', 'cf37d8a7'],
  ])('%s: returns the same bits on every machine', (type, hash) => {
    const numbers = [
      ...draws(1, 3000, (random) => 200 * random() - 100),
      ...draws(2, 3000, (random) => 4 * random() - 2),
      ...draws(3, 1000, (random) => 1e4 * (random() - 0.5)),
    ];
    const logits = type === 'float32' ? Float32Array.from(numbers) : Float64Array.from(numbers);
    const targets = draws(4, numbers.length, (random) => random());
    const weights = draws(5, numbers.length, (random) => 2 * random());
    const call = { engine: simdEngine, logits, layout: layoutOf(numbers.length), targets, weights };
    const { losses, gradient } = runEngine(call);
    expect(hashOfBits([...losses, ...gradient])).toBe(hash);
  });
});

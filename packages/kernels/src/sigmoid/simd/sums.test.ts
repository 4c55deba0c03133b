import { randomNumbers } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf } from '../../testing/random-elements.js';
import { exactSum } from '../../testing/exact-sum.js';
import { runEngine } from '../../testing/run-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [simdEngine, relaxedSimdEngine].filter(({ available }) => available?.());
const cases = engines.flatMap((engine) =>
  ([Float32Array, Float64Array] as const).map((type) => ({ name: engine.name, engine, type })),
);

describe.each(cases)('the sum that $name leaves of a tile, $type.name', ({ engine, type }) => {
  const random = randomNumbers(3);
  const logits = new type(9001).map(() => 3 * random.normal());
  const hardTargets = Int32Array.from(logits, () => random.below(2));
  const targets = [...hardTargets];
  const weights = targets.map(() => random.uniform());
  const call = { engine, logits, layout: layoutOf(logits.length) };

  it.each([32, 33, 35, 511, 4096])('has no rounding error, tiles of %d', (tileRows) => {
    for (const given of [{ hardTargets }, { targets }, { hardTargets, weights }, { targets, weights }]) {
      const whole = runEngine({ ...call, ...given, tileRows });
      const { sums = [] } = runEngine({ ...call, ...given, tileRows, sumsOnly: true });
      expect(exactSum(sums.flat())).toBe(exactSum([...whole.losses]));
    }
  });

  it('is four numbers, or six of losses in float64', () => {
    const numbers = type === Float32Array ? 4 : 6;
    const { sums = [] } = runEngine({ ...call, hardTargets, sumsOnly: true });
    expect(sums.map(({ length }) => length)).toEqual([numbers, numbers, numbers]);
  });

  it.each([
    ['too large', 1e8],
    ['too small', -100 - 1 / 3],
    ['infinite', Infinity],
  ])('is left to others where a loss is %s', (_, logit) => {
    const some = Float64Array.from(logits.subarray(0, 100));
    some[57] = logit;
    const labels = hardTargets.slice(0, 100).fill(0);
    const given = { engine, logits: some, layout: layoutOf(100), hardTargets: labels };
    expect(runEngine({ ...given, sumsOnly: true }).sums).toEqual([[...runEngine(given).losses]]);
  });
});

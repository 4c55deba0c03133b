// Terms with a shift, on every engine.
import type { SurprisalTerm } from '@surprisal/core';
import { exactSigmoidElement, randomNumbers, ulpsOfScale, type FloatType } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { layoutOf, randomElements } from '../testing/random-elements.js';
import { CROSS_ENTROPY, runEngine, type EngineCall } from '../testing/run-engine.js';
import { relaxedSimdEngine, simdEngine } from './simd/simd-engine.js';
import { typescriptEngine } from './typescript-engine.js';

/** Node 20 has no relaxed operations. */
const engines = [typescriptEngine, simdEngine, relaxedSimdEngine].filter(({ available }) => available?.() ?? true);

type Terms = readonly SurprisalTerm[];

/** Terms of the positive outcome, and of the negative one. */
const surprisals: Readonly<Record<string, readonly [Terms, Terms]>> = {
  'power 1, and 4 with a shift': [
    [{ coefficient: 1, power: 1, order: 0 }],
    [{ coefficient: 1, power: 4, order: 0, shift: 0.05 }],
  ],
  'powers of 0': [CROSS_ENTROPY, [{ coefficient: 1, power: 0, order: 0, shift: 0.25 }]],
  'powers below 1': [
    [{ coefficient: 2, power: 0.5, order: 0, shift: 0.125 }],
    [{ coefficient: 1, power: 0.3, order: 0, shift: 0.01 }],
  ],
  'powers that are no halves': [
    [{ coefficient: 1, power: 7.25, order: 0 }],
    [{ coefficient: 1, power: 2.2, order: 0, shift: 0.5 }],
  ],
  'orders of their own': [
    [{ coefficient: 1, power: 2, order: 0.7, shift: 0.1 }],
    [{ coefficient: 1, power: 1.5, order: 1, shift: 1e-3 }],
  ],
  'several terms': [
    [
      { coefficient: 1, power: 0, order: 0, shift: 0.05 },
      { coefficient: 2, power: 0, order: 1 },
    ],
    [
      { coefficient: 0.1, power: 0, order: 0 },
      { coefficient: 4, power: 0, order: 1, shift: 0.75 },
    ],
  ],
};
const names = Object.keys(surprisals);

/** Logits at which 1 - p of either outcome is a shift m, and their neighbours in float32. */
function kinks([terms, negativeTerms]: readonly [Terms, Terms]): number[] {
  const shifts = (list: Terms): number[] => list.flatMap(({ shift = 0 }) => (shift > 0 ? [shift] : []));
  const logits = [...shifts(negativeTerms).map(logitOf), ...shifts(terms).map((shift) => -logitOf(shift))];
  return logits.flatMap((logit) => {
    const near = Math.fround(logit);
    const step = 2 ** (Math.floor(Math.log2(Math.abs(near) + 2 ** -100)) - 23);
    return [-300, -20, -3, -2, -1, 0, 1, 2, 3, 20, 300].map((steps) => near + steps * step);
  });
}

function logitOf(p: number): number {
  return Math.log(p / (1 - p));
}

/** What cancels in 1 - p less the shift of any term, as often as the power says, is no error of float64. */
function blurOf(terms: Terms, complement: number): number {
  const blurs = terms.map(({ power, shift = 0 }) => 1 + ((power + 2) * complement) / Math.abs(complement - shift));
  return Math.max(...blurs.filter(Number.isFinite));
}

/** Results below it may be flushed to zero. */
const SMALLEST = { float32: 2 ** -126, float64: 2 ** -1022 } as const;

/** Four times the bounds of cross-entropy. */
const BOUNDS = {
  typescript: { float32: { loss: 2.04, gradient: 6 }, float64: { loss: 20, gradient: 32 } },
  simd: { float32: { loss: 14, gradient: 20 }, float64: { loss: 20, gradient: 32 } },
} as const;

function worstOf(call: EngineCall, name: string, type: FloatType, y: readonly number[]) {
  const [terms, negativeTerms] = surprisals[name];
  const { losses, gradient } = runEngine({ ...call, plan: { terms, negativeTerms } });
  const worst = { loss: 0, gradient: 0 };
  const round = type === 'float32' ? Math.fround : Number;
  call.logits.forEach((logit, i) => {
    const own = y[i] === 1 ? terms : negativeTerms;
    const exact = exactSigmoidElement(logit, y[i], 1 - y[i], { terms: own });
    const blur = type === 'float64' ? blurOf(own, 1 / (1 + Math.exp(y[i] === 1 ? logit : -logit))) : 1;
    if (exact.loss.toNumber() > SMALLEST[type])
      worst.loss = Math.max(worst.loss, ulpsOfScale(round(losses[i]), exact.loss, exact.loss.mul(blur), type));
    else expect(losses[i]).toBeLessThanOrEqual(SMALLEST[type]);
    const slope = exact.gradient.abs();
    if (slope.toNumber() > SMALLEST[type])
      worst.gradient = Math.max(worst.gradient, ulpsOfScale(gradient[i], exact.gradient, slope.mul(blur), type));
    else expect(Math.abs(gradient[i])).toBeLessThanOrEqual(SMALLEST[type]);
  });
  return worst;
}

const cases = engines.flatMap((engine) =>
  (['float32', 'float64'] as const).map((type) => ({ name: engine.name, engine, type })),
);

describe.each(cases)('terms with a shift in $name, $type', ({ name: engineName, engine, type }) => {
  const bounds = BOUNDS[engineName === 'typescript' ? engineName : 'simd'][type];

  it.each(names)(`%s: loss within ${bounds.loss} ulp, gradient within ${bounds.gradient} ulp`, (name) => {
    const { z, y } = randomElements(type, 400, 0, 5);
    const random = randomNumbers(6);
    const near = Array.from({ length: 400 }, () => Math.fround(4 * random.normal()));
    const edges = kinks(surprisals[name]).flatMap((logit) => [logit, logit]);
    const logits = (type === 'float32' ? Float32Array : Float64Array).from([...z, ...near, ...edges]);
    const targets = [...y, ...near.map((_, i) => i % 2), ...edges.map((_, i) => i % 2)];
    const call = { engine, logits, layout: layoutOf(logits.length), targets };
    const worst = worstOf(call, name, type, targets);
    expect(worst.loss).toBeLessThanOrEqual(bounds.loss);
    expect(worst.gradient).toBeLessThanOrEqual(bounds.gradient);
  });

  it.each(names)('%s: nothing at infinite logits but what p = 0 costs, and finite slopes', (name) => {
    const [terms, negativeTerms] = surprisals[name];
    const logits = (type === 'float32' ? Float32Array : Float64Array).of(Infinity, -Infinity, Infinity, -Infinity);
    const call = { engine, logits, layout: layoutOf(4), plan: { terms, negativeTerms } };
    const { losses, gradient } = runEngine({ ...call, targets: [1, 0, 0, 1] });
    expect([...losses.subarray(0, 2), ...gradient]).toEqual(expect.not.arrayContaining([NaN]));
    expect([...losses.subarray(0, 2)]).toEqual([0, 0]);
    expect([...gradient.subarray(0, 2)]).toEqual([0, 0]);
    const costAt0 = (list: Terms): number =>
      list.reduce((sum, { coefficient, power, order, shift = 0 }) => {
        const cost = order === 0 ? -Math.log(shift) : (1 - shift ** order) / order;
        return sum + coefficient * (1 - shift) ** power * cost;
      }, 0);
    expect(losses[2]).toBeCloseTo(costAt0(negativeTerms), 13);
    expect(losses[3]).toBeCloseTo(costAt0(terms), 13);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });
});

describe.each(engines)('elements in $name', (engine) => {
  const { z, y } = randomElements('float32', 5000, 0, 7);
  const logits = Float32Array.from(z, (value, i) => (i % 2 === 0 ? value : Math.fround(value / 100)));
  const [terms, negativeTerms] = surprisals['power 1, and 4 with a shift'];
  const call = { engine, logits, layout: layoutOf(5000), plan: { terms, negativeTerms } };
  const whole = runEngine({ ...call, targets: y });

  it('keep their bits in tiles of any length, without a gradient and with weights of 1', () => {
    for (const tileRows of [37, 511, 512, 513]) expect(runEngine({ ...call, targets: y, tileRows })).toEqual(whole);
    expect(runEngine({ ...call, targets: y, valueOnly: true }).losses).toEqual(whole.losses);
    expect(runEngine({ ...call, targets: y, weights: y.map(() => 1) })).toEqual(whole);
  });

  it('keep their bits beside others with soft targets', () => {
    const soft = y.map((value, i) => (i % 3 === 0 ? 0.25 : value));
    const { losses, gradient } = runEngine({ ...call, targets: soft });
    y.forEach((_, i) => {
      if (i % 3 === 0) return;
      expect(losses[i]).toBe(whole.losses[i]);
      expect(gradient[i]).toBe(whole.gradient[i]);
    });
  });
});

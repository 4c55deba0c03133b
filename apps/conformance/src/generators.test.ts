import { describe, expect, it } from 'vitest';
import { affineMod, xorshift32 } from './generators.js';
import { MalformedCase } from './read-json.js';

// Computed with another program from the rule: seed 7, five values of scale 4.
const values = [-3.9964752197265625, -3.1238317489624023, 3.231171131134033, 1.7183008193969727, 1.3175578117370605];
const rule = { name: 'xorshift32', seed: 7, count: 5, scale: 4, uint32Sum: 1689384565 };

describe('xorshift32', () => {
  it('gives the values of the rule', () => {
    const stated = { ...rule, overrides: [], first3: values.slice(0, 3), last: values[4] };
    expect(Array.from(xorshift32(stated, 'generator'))).toEqual(values);
  });

  it.each([
    ['pairs', [[1, '-Infinity']]],
    ['objects', [{ index: 1, value: '-Infinity' }]],
    ['values by index', { 1: '-Infinity' }],
  ])('replaces single elements given as %s', (_, overrides) => {
    const replaced = xorshift32({ ...rule, overrides }, 'generator');
    expect(Array.from(replaced)).toEqual([values[0], -Infinity, ...values.slice(2)]);
  });

  it.each([
    [{ uint32Sum: 1 }, 'generator.uint32Sum: the generator gives 1689384565, the case states 1'],
    [{ last: 2 }, 'generator.last: the generator gives 1.3175578117370605, the case states 2'],
    [{ first3: [0] }, 'generator.first3[0]: the generator gives -3.9964752197265625, the case states 0'],
    [{ overrides: [[9, 1]] }, 'generator.overrides: no element 9 among 5'],
    [{ scale: 'wide' }, 'generator.scale: expected a number, got "wide"'],
    [{ count: -1 }, 'generator.count: expected an integer of at least 0, got -1'],
  ])('refuses %j', (change, message) => {
    expect(() => xorshift32({ ...rule, ...change }, 'generator')).toThrow(new MalformedCase(message));
  });
});

describe('affineMod', () => {
  it('gives the values of the rule', () => {
    expect(Array.from(affineMod(10, 3))).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 0, 1]);
  });
});

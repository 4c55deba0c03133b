import { expect, test } from 'vitest';
import { readHtml } from '../testing-records/read-html.js';
import { colorAt, legend, symbolAt } from './draw.js';

const names = Array.from({ length: 30 }, (_, index) => `variant ${index}`);

test('no two variants of a plot have the same sign and colour, in the plot and in its legend', () => {
  const drawn = names.map((_, place) => `${symbolAt(place)} ${colorAt(place)}`);
  expect(new Set(drawn).size).toBe(names.length);
  const keys = [...readHtml(legend(names, (name) => names.indexOf(name)).markup).querySelectorAll('.key')].map(
    (key) => `${key.textContent} ${key.getAttribute('class') ?? ''}`,
  );
  expect(new Set(keys).size).toBe(names.length);
  const signs = new Map(names.map((_, place) => [symbolAt(place), keys[place].split(' ')[0]]));
  expect(new Set(signs.values()).size).toBe(signs.size);
  for (const [place, key] of keys.entries()) expect(key.startsWith(signs.get(symbolAt(place)) ?? '?')).toBe(true);
});

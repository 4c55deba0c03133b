import { expect, test } from 'vitest';
import { scoreLanguageModel, toHalfBits } from './language-model.js';

const printed: string[] = [];
const report = scoreLanguageModel({ print: (line) => printed.push(line) });

const TEXT = 'the cat sat on the mat and the rat sat on the hat and that was that';

test('every letter but the first is predicted; the last position and the padding are left out', () => {
  expect(report.counted).toBe(TEXT.length - 1);
  expect(report.ignored).toBe(1 + 3);
});

test('the perplexity is that of the probabilities, counted by hand', () => {
  const letters = [...new Set(TEXT)];
  const costs = Array.from(TEXT)
    .slice(1)
    .map((next, at) => {
      // The model's weight of a letter is what it saw plus one, through a logarithm rounded to 1/64.
      const weight = (letter: string): number => {
        const seen = TEXT.split((TEXT[at] ?? '') + letter).length - 1;
        return Math.exp(Math.round(64 * Math.log(seen + 1)) / 64);
      };
      return Math.log(letters.reduce((sum, letter) => sum + weight(letter), 0) / weight(next));
    });
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  expect(report.mean).toBeCloseTo(mean, 6); // one loss is within 4 units of 2^-23
  expect(report.perplexity).toBeCloseTo(Math.exp(mean), 5);
  expect(report.perplexity).toBeLessThan(report.uniformPerplexity);
  const losses = Array.from(report.losses);
  for (const [at, cost] of costs.entries()) expect(losses[at]).toBeCloseTo(cost, 5);
  expect(losses.slice(costs.length)).toEqual([0, 0, 0, 0]);
});

test('a model that knows nothing has as perplexity the number of letters', () => {
  expect(report.uniformPerplexity).toBeCloseTo(new Set(TEXT).size, 5);
});

test('the same logits as float16 give the same mean', () => {
  expect(report.halfMean).toBeCloseTo(report.mean, 6); // as above: engines may differ between the types
});

// Values of IEEE 754: one, one and a fraction, a half, minus two, the largest half.
test.each([
  [0, 0x0000],
  [1, 0x3c00],
  [1 + 1 / 1024, 0x3c01],
  [0.5, 0x3800],
  [-2, 0xc000],
  [65504, 0x7bff],
])('%f as float16 has the bits %i', (value, bits) => {
  expect(toHalfBits(value)).toBe(bits);
});

test('the hardest letters are printed', () => {
  expect(printed).toHaveLength(4 + 3);
  for (const line of printed.slice(4)) expect(line).toMatch(/^surprising: ".+" goes on with ".", \d\.\d\d nats$/);
});

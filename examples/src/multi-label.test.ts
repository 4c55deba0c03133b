import { binaryCrossEntropy } from '@surprisal/binary';
import { positiveWeighted, positiveCounts, positiveWeights } from '@surprisal/weighted';
import { expect, test } from 'vitest';
import { makeArticles, tagArticles } from './multi-label.js';
import { seededRandom } from './random.js';

const quiet = { print: () => undefined };

test('the weight of a rarer tag is larger', () => {
  const { weights } = tagArticles(quiet);
  expect(weights).toHaveLength(4);
  expect([...weights].sort((one, other) => one - other)).toEqual(weights);
});

test('the denominators divide the same sum by the label weights, the answers, and the articles answered', () => {
  const { byWeight, byElements, byRows } = tagArticles({ ...quiet, seed: 1 });
  const { answered } = makeArticles(seededRandom(1));
  const answers = [...answered.keys()].filter((at) => answered[at] === 1);
  const weight = answers.reduce((sum, at) => sum + (at % 4 === 3 ? 0.5 : 1), 0);
  const articles = new Set(answers.map((at) => Math.floor(at / 4))).size;
  expect(byWeight * weight).toBeCloseTo(byElements * answers.length, 10);
  expect(byRows * articles).toBeCloseTo(byElements * answers.length, 10);
  expect(answers.length).toBeLessThan(480);
});

test('with positive weights from counts no constant prediction does better than one half', () => {
  const { tags } = makeArticles(seededRandom(2));
  const weight = positiveWeights(positiveCounts(tags, { labels: 4 }));
  const loss = positiveWeighted(binaryCrossEntropy(), { weight });
  const { gradient } = loss.valueAndGradient(new Float64Array(tags.length), tags, { reduction: 'sum', labels: 4 });
  for (let label = 0; label < 4; label++) {
    const slopes = gradient.filter((_, at) => at % 4 === label);
    // Slopes are halves of the weights; 120 of them round in the 14th place.
    expect(slopes.reduce((sum, slope) => sum + slope, 0)).toBeCloseTo(0, 11);
  }
});

test.each([1, 2, 3])('training with seed %i lowers the loss and finds the positives of every tag', (seed) => {
  const { before, after, recalls } = tagArticles({ ...quiet, seed });
  expect(after).toBeLessThan(before / 2);
  for (const recall of recalls) expect(recall).toBeGreaterThanOrEqual(0.85);
});

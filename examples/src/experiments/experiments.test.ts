import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { confidentMistake } from './confident-mistake.js';
import { CLASSES, dealDigits, PIXELS } from './digits.js';
import { backward, emptyNetwork, forward, parametersOf, randomNetwork } from './network.js';
import { plotOf } from './plot.js';
import { replaceBetweenMarks, tableOf } from './report.js';
import { runExperiments } from './run.js';
import { interval, pairedInterval } from './statistics.js';

const small = { seeds: [1, 2], share: 0.05, print: () => undefined };
const experiments = runExperiments(small);

describe('the experiments, a twentieth of them', () => {
  it('give the same for the same seeds', () => {
    expect(runExperiments(small)).toEqual(experiments);
  });

  it('measure every remedy in every repetition', () => {
    for (const { measures, remedies } of experiments)
      for (const { results } of remedies)
        for (const { name } of measures) {
          expect(results[name]).toHaveLength(2);
          expect(results[name].every(Number.isFinite)).toBe(true);
        }
  });

  it('are told with intervals and differences, and drawn', () => {
    for (const experiment of experiments) {
      const table = tableOf(experiment);
      expect(table).toContain('2 repetitions, seeds 1 to 2');
      for (const { name } of experiment.remedies) expect(table).toContain(`| ${name} |`);
      expect(plotOf(experiment, experiment.measures[0])).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" /);
    }
  });
});

describe('what the experiments are made of', () => {
  it('digits are dealt once each, with pixels from paper to ink', () => {
    const counts = { train: () => 5, validation: 3, heldOut: 2 };
    const { train, validation, heldOut } = dealDigits(seededRandom(1), counts);
    expect([train, validation, heldOut].map(({ labels }) => labels.length)).toEqual([50, 30, 20]);
    const images = [train, validation, heldOut].flatMap(({ pixels }) =>
      Array.from({ length: pixels.length / PIXELS }, (_, row) => pixels.slice(row * PIXELS, (row + 1) * PIXELS).join()),
    );
    expect(new Set(images).size).toBe(100);
    expect(train.pixels.every((pixel) => pixel >= 0 && pixel <= 1)).toBe(true);
  });

  it('the network’s gradient is that of differences', () => {
    const random = seededRandom(2);
    const images = dealDigits(random, { train: () => 1, validation: 0, heldOut: 0 }).train;
    const network = randomNetwork(4, random);
    const rows = [0, 3, 7];
    const activations = new Float32Array(rows.length * 4);
    const logits = new Float32Array(rows.length * CLASSES);
    const pulls = Float32Array.from(logits, () => random.normal());
    /** The sum of the logits times their pulls, whose gradient by the logits is the pulls. */
    const value = (): number => {
      forward(network, images, rows, activations, logits);
      return logits.reduce((sum, logit, index) => sum + logit * pulls[index], 0);
    };
    value();
    const slopes = emptyNetwork(4);
    backward(network, images, rows, activations, pulls, slopes);
    parametersOf(network).forEach((values, index) => {
      const slopesOf = parametersOf(slopes)[index];
      const at = slopesOf.reduce((best, slope, i) => (Math.abs(slope) > Math.abs(slopesOf[best]) ? i : best), 0);
      const before = values[at];
      values[at] = before + 2 ** -7;
      const above = value();
      values[at] = before - 2 ** -7;
      const below = value();
      values[at] = before;
      // Piecewise linear, in float32: right but for rounding, or where a unit switches between the two.
      expect(slopesOf[at] / ((above - below) * 2 ** 6)).toBeCloseTo(1, 2);
    });
  });

  it('intervals are Student’s', () => {
    // t(0.975, 3) = 3.1824463; the standard deviation of 1, 2, 3, 4 is 1.2909944.
    const { mean, low, high } = interval([1, 2, 3, 4]);
    expect([mean, low, high].map((bound) => bound.toFixed(6))).toEqual(['2.500000', '0.445740', '4.554260']);
    expect(pairedInterval([2, 3], [1, 2])).toEqual({ mean: 1, low: 1, high: 1 });
  });

  it('a confident mistake is pulled by cross-entropy with all of it, by squared error hardly', () => {
    const [right, even, wrong] = confidentMistake([-20, 0, 20]);
    expect(even.crossEntropy).toBe(0.5);
    expect(even.squaredError).toBe(0.5);
    expect(wrong.crossEntropy).toBeCloseTo(1, 8);
    expect(wrong.squaredError).toBeLessThan(1e-8);
    expect(right.crossEntropy).toBeLessThan(1e-8);
  });

  it('what is generated goes between the marks of its name, and nowhere else', () => {
    const document = 'a\n<!-- x: made by pnpm experiments -->\nold\n<!-- x: end -->\nb';
    expect(replaceBetweenMarks(document, 'x', 'new')).toBe(
      'a\n<!-- x: made by pnpm experiments -->\n\nnew\n\n<!-- x: end -->\nb',
    );
    expect(() => replaceBetweenMarks(document, 'y', 'new')).toThrow(
      new RangeError(
        'document: "y" expected the marks <!-- y: made by pnpm experiments --> and <!-- y: end -->, got none',
      ),
    );
  });
});

import { expect, test } from 'vitest';
import { segment } from './segmentation.js';

const printed: string[] = [];
const report = segment({ seed: 1, print: (line) => printed.push(line) });

test('void pixels are counted as ignored, the others as elements', () => {
  expect(report.ignored).toBeGreaterThan(0);
  expect(report.counted + report.ignored).toBe(2 * 12 * 16);
});

test('the losses are laid out like the mask and sum to the mean times the counted pixels', () => {
  const losses = Array.from(report.losses);
  expect(losses).toHaveLength(2 * 12 * 16);
  const sum = losses.reduce((total, loss) => total + loss, 0);
  // The losses were rounded to float32, half a unit of 2^-24 each.
  expect(Math.abs(sum / report.counted / report.mean - 1)).toBeLessThan(2 ** -24);
  expect(losses.filter((loss) => loss === 0)).toHaveLength(report.ignored);
});

test('the gradient has the layout of the logits, is 0 at void pixels, and sums to 0 over the classes of a pixel', () => {
  const pixels = 12 * 16;
  expect(report.gradient).toHaveLength(2 * 3 * pixels);
  for (let at = 0; at < 2 * pixels; at++) {
    const first = Math.floor(at / pixels) * 3 * pixels + (at % pixels);
    const slopes = [0, 1, 2].map((label) => report.gradient[first + label * pixels] ?? NaN);
    const zeros = slopes.filter((slope) => slope === 0).length;
    expect(zeros).toBe(report.losses[at] === 0 ? 3 : 0);
    // Three float32 slopes of at most 1 / counted, each within 5 units of 2^-24 of that.
    expect(Math.abs(slopes.reduce((sum, slope) => sum + slope, 0))).toBeLessThan((15 * 2 ** -24) / report.counted);
  }
});

test('a step down the gradient lowers the loss', () => {
  expect(report.meanAfterStep).toBeLessThan(report.mean);
});

test('logits along the wrong axis are refused, with the axis to pass', () => {
  expect(report.forgottenAxis).toBe(
    'categorical-cross-entropy: "targets" expected shape [2, 3, 12] (class indices) or shape [2, 3, 12, 16] (probabilities), ' +
      'got shape [2, 12, 16]; if axis 1 of the logits holds the classes, pass axis: 1',
  );
});

test('the picture of the losses is blank where the mask is void', () => {
  const picture = printed.slice(-12);
  expect(picture.every((line) => line.length === 16)).toBe(true);
  const blanks = picture.join('').split(' ').length - 1;
  const zeros = Array.from(report.losses)
    .slice(0, 12 * 16)
    .filter((loss) => loss === 0).length;
  expect(blanks).toBe(zeros);
});

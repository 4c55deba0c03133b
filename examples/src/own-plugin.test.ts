import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { expect, test } from 'vitest';
import { LABELS, LOGITS, tempered, useOwnPlugin } from './own-plugin.js';

const report = useOwnPlugin({ print: () => undefined });

test('a temperature of 2 halves the logits, and by the chain rule the gradient', () => {
  // Halving is exact; but the two plans may run on two engines, each within 5 and 8 units in the last place.
  const units = (actual: number, expected: number): number => Math.abs(actual / expected - 1) / 2 ** -52;
  const halved = LOGITS.map((row) => row.map((logit) => logit / 2));
  const plain = labelSmoothed(categoricalCrossEntropy(), { smoothing: 0.1 }).valueAndGradient(halved, LABELS);
  expect(units(report.value, plain.value)).toBeLessThanOrEqual(10);
  plain.gradient.forEach((slope, index) => {
    expect(units(report.gradient[index] ?? NaN, slope / 2)).toBeLessThanOrEqual(16);
  });
});

test('the loss from JSON is the one that is composed by hand, and goes back to the same JSON', () => {
  const byHand = labelSmoothed(tempered(categoricalCrossEntropy(), { temperature: 2 }), { smoothing: 0.1 });
  expect(report.loss.value(LOGITS, LABELS)).toBe(byHand.value(LOGITS, LABELS));
  expect(JSON.parse(JSON.stringify(report.loss))).toEqual({
    version: 1,
    loss: 'label-smoothed',
    smoothing: 0.1,
    of: { loss: 'tempered', temperature: 2, of: { loss: 'categorical-cross-entropy' } },
  });
});

test('the registry lists the plugins in their order', () => {
  expect(report.names).toEqual(['categorical-cross-entropy', 'label-smoothed', 'tempered']);
});

test('a temperature of 0 is refused', () => {
  expect(report.refusal).toBe('tempered: "temperature" expected a finite number greater than 0, got 0');
});

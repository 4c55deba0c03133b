import { describe, expect, test } from 'vitest';
import { classifierPlan } from '../classifiers.js';
import { trainClassifier } from './train-classifier.js';

describe.each(['digits', 'mail'] as const)('a classifier of %s trained on a few examples', (name) => {
  const { load, loss, training } = classifierPlan(name);
  const dataset = load({ seed: 1, limit: 500 });
  const train = () => trainClassifier(dataset, loss, { ...training, epochs: 2, seed: 1 });
  const classifier = train();

  test('starts from the log loss of knowing nothing', () => {
    // 3.5 units in the last place of float32 near log 10: what a SIMD engine may be off.
    expect(Math.abs(classifier.before.logLoss - Math.log(dataset.classes))).toBeLessThanOrEqual(3.5 * 2 ** -22);
  });

  test('does better on the fifth of them it never saw', () => {
    expect(dataset.train.rows.count).toBe(400);
    expect(dataset.heldOut.rows.count).toBe(100);
    expect(classifier.after.logLoss).toBeLessThan(0.9 * classifier.before.logLoss);
    expect(classifier.after.accuracy).toBeGreaterThan(classifier.before.accuracy);
  });

  test('is the same for the same seed', () => {
    expect(train().logits).toEqual(classifier.logits);
  });
});

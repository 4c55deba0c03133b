/** Runs a case of balanced weights. */
import { balancedWeights, classCounts } from '@surprisal/weighted';
import { compare, type Comparison } from './compare.js';
import type { WeightsCase } from './conformance-case.js';
import { MalformedCase } from './read-json.js';

/** Weights of the classes, or of every sample by its class. Labels that are not 0, 1, 2 are numbered by `classes`. */
export function evaluateWeights(given: WeightsCase): readonly Comparison[] {
  const { labels, classes, expected, tolerance } = given;
  const numbered = labels.map((label) => classes.indexOf(label));
  const stray = numbered.indexOf(-1);
  if (stray >= 0) throw new MalformedCase(`targets.data[${stray}]: ${labels[stray]} is not among the classes`);
  const weights = Array.from(balancedWeights(classCounts(Int32Array.from(numbered), { classes: classes.length })));
  const actual = given.loss === 'classWeights' ? weights : numbered.map((label) => weights[label] ?? NaN);
  return [compare(actual, expected, { quantity: given.loss, tolerance, precision: 'float64', mayFlush: false })];
}

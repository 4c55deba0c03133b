import { rangeError, show } from './errors.js';
import type { Evaluation, EvaluationData, Pair } from './evaluation.js';
import { makeEvaluation } from './make-evaluation.js';
import { addToPair, pairOf, type PairSum } from './pair-sum.js';

const EMPTY: EvaluationData = {
  version: 1,
  loss: '',
  reduction: 'mean',
  denominator: 'weight',
  whenEmpty: 'nan',
  sum: [0, 0],
  weight: [0, 0],
  elements: 0,
  rows: 0,
  ignored: 0,
  engines: [],
};

/**
 * The evaluation of all rows from the evaluations of parts of them, in any order: equal to the evaluation of the whole
 * on the same engine. Of nothing it is the empty evaluation, which merges with any other and changes nothing.
 *
 * Sums are pairs merged by two-sum, so the split leaves no trace (see `PairSum` for when this is exact).
 *
 * @throws RangeError when losses, reductions, denominators or `whenEmpty` differ.
 */
export function mergeEvaluations(...parts: readonly EvaluationData[]): Evaluation {
  const filled = parts.filter((part) => part.loss !== '');
  const first = filled[0] ?? EMPTY;
  for (const key of ['version', 'loss', 'reduction', 'denominator', 'whenEmpty'] as const)
    for (const [index, part] of filled.entries())
      if (part[key] !== first[key])
        throw rangeError({ of: 'mergeEvaluations', argument: `parts[${String(index)}].${key}`, requirement: `${show(first[key])} like the first part`, got: show(part[key]) });
  const total = (count: (part: EvaluationData) => number): number => filled.reduce((sum, part) => sum + count(part), 0);
  const { version, loss, reduction, denominator, whenEmpty } = first;
  const data: EvaluationData = {
    version,
    loss,
    reduction,
    denominator,
    whenEmpty,
    sum: mergePairs(filled.map((part) => part.sum)),
    weight: mergePairs(filled.map((part) => part.weight)),
    elements: total((part) => part.elements),
    rows: total((part) => part.rows),
    ignored: total((part) => part.ignored),
    engines: [...new Set(filled.flatMap((part) => part.engines))].sort(),
  };
  return makeEvaluation(data, {});
}

function mergePairs(pairs: readonly Pair[]): Pair {
  const sum: PairSum = { high: 0, low: 0 };
  for (const [high] of pairs) addToPair(sum, high);
  for (const [, low] of pairs) addToPair(sum, low);
  return pairOf(sum);
}

import { rangeError, show } from './errors.js';
import type { Evaluation, EvaluationData } from './evaluation.js';
import { addAll, emptySum, partsOf, type SumParts } from './exact-sum.js';
import { mergeExtras } from './extras/merge-extras.js';
import { makeEvaluation, sumFields } from './make-evaluation.js';

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
 * on the same engine, to the last bit. Of nothing it is the empty evaluation, which merges with any other and changes nothing.
 *
 * Sums are exact (see `ExactSum`), so the split leaves no trace.
 *
 * @throws RangeError when losses, reductions, denominators or `whenEmpty` differ, or what else the calls asked for.
 */
export function mergeEvaluations(...parts: readonly EvaluationData[]): Evaluation {
  const filled = parts.filter((part) => part.loss !== '');
  const first = filled[0] ?? EMPTY;
  for (const key of ['version', 'loss', 'reduction', 'denominator', 'whenEmpty'] as const)
    for (const [index, part] of filled.entries())
      if (part[key] !== first[key])
        throw rangeError({
          of: 'mergeEvaluations',
          argument: `parts[${String(index)}].${key}`,
          requirement: `${show(first[key])} like the first part`,
          got: show(part[key]),
        });
  const total = (count: (part: EvaluationData) => number): number => filled.reduce((sum, part) => sum + count(part), 0);
  const { version, loss, reduction, denominator, whenEmpty } = first;
  const data: EvaluationData = {
    version,
    loss,
    reduction,
    denominator,
    whenEmpty,
    ...sumFields(
      mergeSums(filled.map(({ sum, sumTail = [] }) => [...sum, ...sumTail])),
      mergeSums(filled.map(({ weight, weightTail = [] }) => [...weight, ...weightTail])),
    ),
    elements: total((part) => part.elements),
    rows: total((part) => part.rows),
    ignored: total((part) => part.ignored),
    engines: [...new Set(filled.flatMap((part) => part.engines))].sort(),
    ...mergeExtras(filled),
  };
  return makeEvaluation(data, {});
}

function mergeSums(sums: readonly (readonly number[])[]): SumParts {
  const total = emptySum();
  for (const parts of sums) addAll(total, parts, parts.length);
  return partsOf(total);
}

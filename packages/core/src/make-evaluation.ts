import { rangeError } from './errors.js';
import type { Evaluation, EvaluationData } from './evaluation.js';
import { extrasToJson } from './extras/extra-json.js';
import { extraViews } from './extras/extra-views.js';
import type { SumParts } from './exact-sum.js';
import type { JsonObject, JsonValue } from './json.js';

/** An evaluation with its views. `toJSON` is not enumerable, so that an evaluation can be cloned, spread and compared. */
export function makeEvaluation<Extra extends object>(data: EvaluationData, extra: Extra): Evaluation & Extra {
  const views = extraViews(data, (sum) => reducedOf(data, sum));
  const evaluation = { ...data, value: valueOf(data), mean: meanOf(data), ...views, ...extra };
  Object.defineProperty(evaluation, 'toJSON', { value: evaluationToJson });
  return Object.freeze(evaluation) as Evaluation & Extra;
}

/** The fields of an evaluation that hold its two sums. */
export function sumFields(
  sum: SumParts,
  weight: SumParts,
): Pick<EvaluationData, 'sum' | 'sumTail' | 'weight' | 'weightTail'> {
  return {
    sum: sum.pair,
    ...(sum.tail.length > 0 && { sumTail: sum.tail }),
    weight: weight.pair,
    ...(weight.tail.length > 0 && { weightTail: weight.tail }),
  };
}

/** The mean or the sum, as the reduction says. */
export function valueOf(data: Omit<EvaluationData, 'loss'>): number {
  return reducedOf(data, data.sum[0]);
}

/** What a mean divides by. */
export function denominatorOf({
  denominator,
  weight,
  rows,
  elements,
}: Pick<EvaluationData, 'denominator' | 'weight' | 'rows' | 'elements'>): number {
  if (typeof denominator === 'number') return denominator;
  return denominator === 'weight' ? weight[0] : denominator === 'rows' ? rows : elements;
}

/** The complaint about a mean over nothing, where the call asked for one. */
export function emptyMean(of: string): RangeError {
  return rangeError({
    of,
    argument: 'denominator',
    requirement: 'something to divide by',
    got: '0',
    fix: "a mean over nothing is NaN with whenEmpty: 'nan' and 0 with whenEmpty: 'zero'",
  });
}

/** A sum as the reduction says. */
function reducedOf(data: Omit<EvaluationData, 'loss'>, sum: number): number {
  return data.reduction === 'sum' ? sum : meanOf(data, sum);
}

function meanOf(data: Omit<EvaluationData, 'loss'>, sum: number = data.sum[0]): number {
  const denominator = denominatorOf(data);
  if (denominator > 0) return sum / denominator;
  return data.whenEmpty === 'zero' ? 0 : Number.NaN;
}

function evaluationToJson(this: EvaluationData): JsonObject {
  const {
    version,
    loss,
    reduction,
    denominator,
    whenEmpty,
    sum,
    sumTail,
    weight,
    weightTail,
    elements,
    rows,
    ignored,
    engines,
  } = this;
  return {
    version,
    loss,
    reduction,
    denominator,
    whenEmpty,
    sum: sum.map(numberToJson),
    ...(sumTail && { sumTail }),
    weight: weight.map(numberToJson),
    ...(weightTail && { weightTail }),
    elements,
    rows,
    ignored,
    engines,
    ...extrasToJson(this, { pair: (pair) => pair.map(numberToJson) }),
  };
}

/** JSON writes NaN and the infinities as null, and an infinite shard would vanish from a sum: they go as strings. */
function numberToJson(value: number): JsonValue {
  return Number.isFinite(value) ? value : String(value);
}

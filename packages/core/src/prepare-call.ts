import { rememberPlan } from './call.js';
import type { RowLayout } from './engine.js';
import { kindError } from './errors.js';
import {
  computeCounted,
  countOpen,
  gradientScale,
  openCall,
  type CountedCall,
  type EvaluatedLoss,
  type OpenCall,
} from './evaluate.js';
import type { EvaluationData } from './evaluation.js';
import type { CallEvaluation, CallOptions, Loss, OutputArray } from './loss.js';
import { lossId } from './loss-id.js';
import { makeEvaluation, sumFields } from './make-evaluation.js';
import { mergeEvaluations } from './merge-evaluations.js';
import type { ReadNumbers } from './read-numbers.js';
import { tileRuleEngine } from './tile-rule-engine.js';

/** An array of a call, flat: an input, or an output. */
export interface CallNumbers<Data extends ArrayLike<number | bigint> = ArrayLike<number | bigint>> {
  readonly data: Data;
  /** Whether `data` is a Uint16Array of binary16 bits. */
  readonly half: boolean;
  /** `row`: a number for each row, in order; `element`: one for each logit, in the layout of the logits. */
  readonly per: 'row' | 'element';
}

/** Outputs that only a call in one piece writes. */
const WHOLE_CALL_OPTIONS = ['argmax', 'probabilities', 'hessianDiagonal'] as const;
type WholeCallOption = (typeof WHOLE_CALL_OPTIONS)[number];

/** The options of a call that are not numbers of its rows: plain values, which hold for every part of it. */
export type PartOptions = Omit<
  CallOptions,
  'axis' | 'classes' | 'labels' | 'sampleWeights' | 'mask' | 'gradient' | 'losses' | WholeCallOption
>;

/**
 * A call in steps, for those who compute its rows in parts or elsewhere: the caller's arguments have been read and
 * checked, no number of them has. `evaluate` is `count`, `gradientScale` and `compute` in turn. Parts of a call are
 * calls of their own, over whole rows: each is counted, each is computed with the scale of the whole, and their
 * evaluations merge. Outer blocks of `layout.inner` rows lie one after the other in memory.
 */
export interface PreparedCall {
  readonly layout: RowLayout;
  readonly logits: CallNumbers;
  readonly targets: CallNumbers;
  readonly sampleWeights?: CallNumbers;
  readonly mask?: CallNumbers;
  readonly gradient?: CallNumbers<OutputArray>;
  readonly losses?: CallNumbers<OutputArray>;
  readonly options: PartOptions;
  /** Checks every number but the logits; returns what they count, as the evaluation of a loss of 0. */
  readonly count: () => EvaluationData;
  /** What the gradient is multiplied by, from the counts of all parts. Throws where `whenEmpty: 'throw'` says so. */
  readonly gradientScale: (counts: EvaluationData) => number;
  /** Reads the logits and writes the outputs. */
  readonly compute: (gradientScale: number) => CallEvaluation;
  /** The evaluation of the whole from those of its parts, with the outputs. */
  readonly merge: (parts: readonly EvaluationData[]) => CallEvaluation;
  /** Fills the outputs with NaN, so that they hold no half result. */
  readonly spoil: () => void;
}

/** Prepares a call of one loss. `rowsBefore` counts the rows of a larger call before these, for positions in complaints about logits. */
export type PrepareCall = (
  logits: unknown,
  targets: unknown,
  options?: CallOptions,
  rowsBefore?: number,
) => PreparedCall;

/** How calls of a loss are taken apart. Keep it as long as the loss: it remembers what small calls would compute again. */
export function callPreparer(loss: Loss): PrepareCall {
  const evaluated = evaluatedLoss(loss);
  return (logits, targets, options = {}, rowsBefore = 0) => {
    const open = openCall(evaluated, logits, targets, options, rowsBefore);
    refuseWholeCallOptions(loss.name, open);
    return preparedCall(evaluated, open);
  };
}

function refuseWholeCallOptions(of: string, { extras }: OpenCall): void {
  const asked = WHOLE_CALL_OPTIONS.find((name) => extras?.[name] !== undefined);
  if (asked !== undefined)
    throw kindError({
      of,
      argument: asked,
      requirement: 'a call in one piece',
      got: 'a call in parts',
      fix: 'ask the loss itself for it, in a call of its own',
    });
}

/** What core keeps of a loss that it made, from the contract alone: the loss may come from another copy of core. */
export function evaluatedLoss(loss: Loss): EvaluatedLoss {
  const { name, plan = [], customs = {}, tileRule, classes, link } = loss;
  let id: string | undefined;
  return {
    name,
    plan,
    customs,
    tileRule,
    count: classes,
    engines: tileRule ? [tileRuleEngine(tileRule)] : link.engines,
    link: link.name,
    details: link.details,
    tiles: { spare: undefined, scratch: [] },
    planFor: rememberPlan({ name, plan, customs }, link.name),
    id: () => (id ??= lossId(loss)),
  };
}

function preparedCall(loss: EvaluatedLoss, open: OpenCall): PreparedCall {
  const { call, gradient, losses } = open;
  const { unit, targets, mask, sampleWeights } = call;
  let counted: CountedCall | undefined;
  const countOnce = (): CountedCall => (counted ??= countOpen(loss, open));
  const rowKind = unit === 'classes' ? 'row' : 'element';
  const outputs = {
    ...(gradient && { gradient: gradient.array }),
    ...(losses && { losses: losses.array }),
  };
  return {
    layout: call.layout,
    logits: callNumbers(call.logits, 'element'),
    targets: callNumbers(targets.numbers, targets.kind === 'rows' ? 'element' : rowKind),
    ...(sampleWeights && { sampleWeights: callNumbers(sampleWeights.numbers, sampleWeights.per) }),
    ...(mask && { mask: callNumbers(mask.numbers, mask.per) }),
    ...(gradient && { gradient: { data: gradient.array, half: isHalf(gradient.array), per: 'element' } }),
    ...(losses && { losses: { data: losses.array, half: false, per: rowKind } }),
    options: partOptions(open),
    count: () => ({ ...choicesOf(loss, open), ...countsOf(countOnce()) }),
    gradientScale: ({ weight, rows, elements }) =>
      gradientScale(call, { weight: { pair: weight, tail: [] }, rows, elements }),
    compute: (scale) => {
      const { data } = computeCounted(loss, countOnce(), scale);
      return makeEvaluation({ ...data, loss: loss.id() }, outputs);
    },
    merge: (parts) => makeEvaluation(mergeEvaluations(...parts), outputs),
    spoil: () => {
      gradient?.spoil();
      losses?.spoil();
    },
  };
}

function callNumbers({ source: { data, type } }: ReadNumbers, per: CallNumbers['per']): CallNumbers {
  return { data, half: type === 'float16' && isHalf(data), per };
}

function isHalf(data: unknown): boolean {
  return data instanceof Uint16Array;
}

function partOptions({ call, engine, extras }: OpenCall): PartOptions {
  const { choices, ignored, labelWeights } = call;
  const { input, reduction, denominator, whenEmpty, propagate, unnormalized, clip } = choices;
  return {
    input,
    reduction,
    denominator,
    whenEmpty,
    invalid: propagate ? 'propagate' : 'throw',
    unnormalized,
    ...(clip > 0 && { clip }),
    ...(ignored.length > 0 && { ignoreIndex: ignored }),
    ...(labelWeights && { labelWeights }),
    ...(extras?.perClass && { perClass: true }),
    ...(extras?.accuracy && { accuracy: true }),
    ...(extras && extras.bins > 0 && { calibration: extras.bins }),
    ...(extras?.floor && { floor: true }),
    engine: engine.name,
  };
}

function choicesOf(
  loss: EvaluatedLoss,
  { call: { choices }, engine }: OpenCall,
): Pick<EvaluationData, 'version' | 'loss' | 'reduction' | 'denominator' | 'whenEmpty' | 'engines'> {
  const { reduction, denominator, whenEmpty } = choices;
  return { version: 1, loss: loss.id(), reduction, denominator, whenEmpty, engines: [engine.name] };
}

function countsOf({
  counts,
}: CountedCall): Pick<EvaluationData, 'sum' | 'weight' | 'weightTail' | 'elements' | 'rows' | 'ignored'> {
  const { weight, elements, rows, ignored } = counts;
  return { ...sumFields({ pair: [0, 0], tail: [] }, weight), elements, rows, ignored };
}

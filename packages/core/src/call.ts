import type { RowLayout } from './engine.js';
import { kindError } from './errors.js';
import type { CallOptions } from './loss.js';
import { readChoices, readOptionsObject, type CallChoices } from './read-options.js';
import { readNumbers, type ReadNumbers } from './read-numbers.js';
import { readClassShape, readElementShape, type CallShape } from './read-shape.js';
import { readClassTargets, readElementTargets, type ReadTargets } from './read-targets.js';
import { readIgnored, readLabelWeights, readPerRow, type PerRow } from './read-weights.js';
import { resolvePlan, type CallPlan, type PlannedLoss } from './resolve-plan.js';
import type { TileRule } from './tile-rule.js';

/** What a call needs to know of the loss. */
export interface CalledLoss extends PlannedLoss {
  readonly link: 'softmax' | 'sigmoid' | 'none';
  /** Class count (sigmoid: label count) that the loss states. */
  readonly count: number | undefined;
  readonly tileRule: TileRule | undefined;
  /** The plan for a count, kept by the loss so that small calls do not resolve it again. */
  readonly planFor: (count: number) => CallPlan;
}

/** A call, read and checked but for the values of targets, weights and logits, which are read tile by tile. */
export interface Call {
  readonly of: string;
  /** `classes`: rows of classes; `elements`: each number is an element of its own. */
  readonly unit: 'classes' | 'elements';
  readonly layout: RowLayout;
  readonly shape: CallShape;
  readonly logits: ReadNumbers;
  readonly targets: ReadTargets;
  /** `real`: any finite number (a tile rule's choice). */
  readonly targetRange: 'probabilities' | 'real';
  /** Whether only exact 0 and 1 may stand as binary targets (a margin takes the label as given). */
  readonly hardOnly: boolean;
  readonly ignored: readonly number[];
  readonly mask: PerRow | undefined;
  readonly sampleWeights: PerRow | undefined;
  readonly labelWeights: Float64Array | undefined;
  readonly plan: CallPlan;
  readonly choices: CallChoices;
}

/** Reads a call's arguments. Nothing has been written when it throws. */
export function readCall(loss: CalledLoss, logitsInput: unknown, targetsInput: unknown, given: CallOptions): Call {
  const of = loss.name;
  const options = readOptionsObject(of, given);
  const choices = readChoices(of, options);
  refuseInput(loss, choices);
  const logits = readNumbers(logitsInput, {
    of,
    argument: 'logits',
    numbers: 'float',
    fix: 'the order of the arguments is (logits, targets)',
  });
  const unit = unitOf(loss);
  const stated = { of, count: loss.count };
  const shape =
    unit === 'classes' ? readClassShape(logits, options, stated) : readElementShape(logits, options, stated);
  const targets =
    unit === 'classes' ? readClassTargets(of, targetsInput, shape) : readElementTargets(of, targetsInput, shape);
  const ignored = readIgnored(of, options.ignoreIndex);
  refuseRows(loss, targets, ignored);
  const elements = unit === 'elements';
  if (!elements && options.labelWeights !== undefined)
    throw kindError({
      of,
      argument: 'labelWeights',
      requirement: 'a binary loss',
      got: 'a loss over classes',
      fix: 'weights per class are classWeighted(loss, { weights })',
    });
  return {
    of,
    unit,
    layout: shape.layout,
    shape,
    logits,
    targets,
    targetRange: loss.tileRule?.targets ?? 'probabilities',
    hardOnly: loss.plan.some((step) => step.kind === 'margin'),
    ignored,
    mask: readPerRow(of, 'mask', options.mask, shape, elements),
    sampleWeights: readPerRow(of, 'sampleWeights', options.sampleWeights, shape, elements),
    labelWeights: readLabelWeights(of, options.labelWeights, shape.layout.classes),
    plan: loss.planFor(shape.layout.classes),
    choices,
  };
}

/** Whether a row of the loss is a row of classes or a single element. */
export function unitOf({ link, tileRule }: Pick<CalledLoss, 'link' | 'tileRule'>): 'classes' | 'elements' {
  return tileRule?.layout ?? (link === 'sigmoid' ? 'elements' : 'classes');
}

/** The plan of a loss for one count after another, resolved again only when the count changes. */
export function rememberPlan(loss: PlannedLoss, link: 'softmax' | 'sigmoid' | 'none'): (count: number) => CallPlan {
  let last: { readonly count: number; readonly plan: CallPlan } | undefined;
  return (count) => {
    if (last?.count !== count) last = { count, plan: resolvePlan(loss, link, count) };
    return last.plan;
  };
}

function refuseInput({ name, plan, link }: CalledLoss, { input }: CallChoices): void {
  if (input === 'logits') return;
  const needsLogits = plan.find((step) =>
    ['affine', 'softcap', 'classMask', 'margin', 'partition', 'custom'].includes(step.kind),
  );
  const got = `input: '${input}'`;
  if (link === 'none')
    throw kindError({ of: name, argument: 'input', requirement: "'logits' for this loss", got: `'${input}'` });
  if (needsLogits)
    throw kindError({
      of: name,
      argument: 'input',
      requirement: `'logits' for a loss with a step '${needsLogits.kind}'`,
      got,
    });
}

function refuseRows({ name, plan }: CalledLoss, targets: ReadTargets, ignored: readonly number[]): void {
  if (targets.kind === 'labels') return;
  if (ignored.length > 0)
    throw kindError({
      of: name,
      argument: 'ignoreIndex',
      requirement: 'index targets',
      got: 'probability targets',
      fix: 'leave rows out with the option mask',
    });
  if (plan.some((step) => step.kind === 'margin'))
    throw kindError({
      of: name,
      argument: 'targets',
      requirement: 'class indices, which a margin needs',
      got: 'probabilities',
    });
}

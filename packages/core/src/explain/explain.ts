import { unitOf } from '../call.js';
import type { JsonValue } from '../json.js';
import type { CallOptions, Loss } from '../loss.js';
import type { Plan, Step } from '../plan.js';
import { isLogitStep, isTargetStep } from '../resolve-plan.js';
import { readChoices, readOptionsObject } from '../read-options.js';
import { describeFrameworks } from './describe-frameworks.js';
import { describeMean } from './describe-mean.js';
import { describeStep } from './describe-step.js';
import { CROSS_ENTROPY, describeSurprisal } from './describe-surprisal.js';
import { readLoss } from './read-loss.js';
import { summarize } from './summary.js';
import { warningsOf } from './warnings.js';

/**
 * Says in words and formulas what a loss computes: its steps in the order they act, the loss of a row, what the value
 * of a call divides by, which call of which framework does the same, and what is unexpected.
 *
 * In the formulas z are the logits, l the log-probabilities, p = exp(l), u the target measure (of a hard label: 1 at
 * its class), |u| its sum, and a prime marks what a step makes of them.
 *
 * @param callOptions The options of the calls meant; what counts of arrays among them is that they are there.
 * @returns Some short lines of plain text.
 * @throws TypeError for something that is not a loss, or options that are no object or unknown; RangeError for an
 * option that is none of its choices.
 *
 * @example
 * explain(categoricalCrossEntropy(), { reduction: 'sum' });
 * // categorical-cross-entropy: softmax link over classes.
 * // Surprisal: cross-entropy, psi(l) = -l.
 * // ...
 */
export function explain(loss: Loss, callOptions?: CallOptions): string {
  const read = readLoss(loss);
  const options = readOptionsObject('explain', callOptions);
  readChoices('explain', options);
  return read.plan === undefined ? explainTileRule(read, options) : explainPlan(read, read.plan, options);
}

function explainPlan(loss: Loss, plan: Plan, options: CallOptions): string {
  const summary = summarize(loss, plan, options);
  const warnings = warningsOf({ loss, plan, options, summary }).map((warning) => `Warning: ${warning}`);
  return [
    `${nameOf(loss)}: ${summary.link} link over ${widthText(summary.link, loss)}.`,
    ...stepsText('Targets', plan.filter(isTargetStep), loss),
    ...stepsText('Logits', plan.filter(isLogitStep), loss),
    ...stepsText('Loss', [...plan.filter((step) => !isTargetStep(step) && !isLogitStep(step))], loss),
    rowText(loss, plan),
    describeMean(summary.link, summary.link === 'sigmoid' ? 'elements' : 'rows', plan, options),
    ...describeFrameworks(summary),
    ...warnings,
  ].join('\n');
}

function explainTileRule(loss: Loss, options: CallOptions): string {
  const { tileRule } = loss;
  const { loss: _, version: __, of: ___, ...settings } = loss.toJSON() as Readonly<Record<string, JsonValue>>;
  const unit = unitOf({ link: 'none', tileRule }) === 'classes' ? 'rows' : 'elements';
  const targets = tileRule?.targets === 'real' ? 'any finite numbers' : 'probabilities';
  return [
    `${loss.name}: a loss of a rule of its own, without link or plan, over ${unit === 'rows' ? 'rows of classes' : 'elements'}; targets are ${targets}.`,
    ...(Object.keys(settings).length === 0 ? [] : [`Options: ${JSON.stringify(settings)}.`]),
    describeMean('softmax', unit, [], options),
    'Its rule is a function, which this page can neither read nor compare with other frameworks; wrappers refuse it.',
  ].join('\n');
}

/** Names from the outside in, as they were composed. */
function nameOf(loss: Loss): string {
  const names: string[] = [];
  for (let json: JsonValue | undefined = loss.toJSON(); isObject(json); json = json['of'])
    if (typeof json['loss'] === 'string') names.push(json['loss']);
  return names.length === 0 ? loss.name : names.join('(') + ')'.repeat(names.length - 1);
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function widthText(link: 'softmax' | 'sigmoid', { classes }: Loss): string {
  if (link === 'softmax') return classes === undefined ? 'classes' : `${String(classes)} classes`;
  return classes === undefined ? 'the outcomes 0 and 1' : `the outcomes 0 and 1 of ${String(classes)} labels`;
}

function stepsText(title: string, steps: readonly Step[], { link }: Loss): readonly string[] {
  if (steps.length < 2) return steps.map((step) => `${title}: ${describeStep(step, link.name)}.`);
  return [
    `${title}, first to act first:`,
    ...steps.map((step, index) => `  ${String(index + 1)}. ${describeStep(step, link.name)}.`),
  ];
}

/** The loss of a row, by what the steps made of targets and logits. */
function rowText({ link }: Loss, plan: Plan): string {
  const replaced = plan.some((step) => step.kind === 'custom' && step.replaces);
  const added = plan.some((step) => step.kind === 'custom' && !step.replaces) ? ' + the custom term' : '';
  const partition = plan.some((step) => step.kind === 'partition') ? ' + z-loss' : '';
  const plain =
    plan.some((step) => step.kind === 'surprisal') || replaced ? '' : ` with ${describeSurprisal(CROSS_ENTROPY)}`;
  const sum =
    link.name === 'sigmoid'
      ? 'u_1 psi(log p) + u_0 psi(log(1 - p)), p = sigmoid(z)'
      : 'sum_c u_c psi(l_c), l = log softmax(z)';
  return `Loss of ${link.name === 'sigmoid' ? 'an element' : 'a row'}: ${replaced ? 'the custom function of u and l' : sum}${plain}${partition}${added}.`;
}

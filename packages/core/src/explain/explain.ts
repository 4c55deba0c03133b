import { unitOf } from '../call.js';
import type { JsonValue } from '../json.js';
import type { CallOptions, Loss } from '../loss.js';
import type { Plan, Step } from '../plan.js';
import { isLogitStep, isTargetStep } from './step-groups.js';
import { readChoices, readOptionsObject } from '../read-options.js';
import { describeFrameworks } from './describe-frameworks.js';
import { describeMean } from './describe-mean.js';
import { describeRow } from './describe-row.js';
import { describeStep } from './describe-step.js';
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
 * // categorical-cross-entropy: softmax link over classes; u is 1 at the label, or the probabilities given.
 * // Loss of a row: sum_c u_c psi(l_c), l = log softmax(z); cross-entropy, psi(l) = -l.
 * // Value: the sum over rows, divided by nothing.
 * // The same elsewhere:
 * //   PyTorch (class indices): F.cross_entropy(z, y, reduction="sum")
 * //   ...
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
    `${nameOf(loss)}: ${linkText(summary.link, loss)}.`,
    ...stepsText('Targets', plan.filter(isTargetStep), loss),
    ...stepsText('Logits', plan.filter(isLogitStep), loss),
    ...termsText(plan, loss),
    describeRow(summary, plan),
    describeMean(summary.link, summary.link === 'sigmoid' ? 'elements' : 'rows', plan, options),
    ...describeFrameworks(summary),
    ...warnings,
  ].join('\n');
}

function explainTileRule(loss: Loss, options: CallOptions): string {
  const { tileRule } = loss;
  const settings = Object.entries(loss.toJSON()).filter(([key]) => key !== 'loss' && key !== 'version');
  const unit = unitOf({ link: 'none', tileRule }) === 'classes' ? 'rows' : 'elements';
  const targets = tileRule?.targets === 'real' ? 'any finite numbers' : 'probabilities';
  return [
    `${loss.name}: a loss of a rule of its own, without link or plan, over ${unit === 'rows' ? 'rows of classes' : 'elements'}; targets are ${targets}.`,
    ...(settings.length === 0 ? [] : [`Options: ${JSON.stringify(Object.fromEntries(settings))}.`]),
    describeMean('softmax', unit, [], options),
    'Its rule is a function, which can be neither read here nor compared with other frameworks; wrappers refuse it.',
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

/** What the link is over, and what the target measure is before the target steps. */
function linkText(link: 'softmax' | 'sigmoid', { classes }: Loss): string {
  const count = classes === undefined ? '' : String(classes);
  if (link === 'softmax')
    return `softmax link over ${count} classes; u is 1 at the label, or the probabilities given`.replace('  ', ' ');
  return `sigmoid link${count && `, ${count} labels a row`}; u_1 = y and u_0 = 1 - y`;
}

function stepsText(title: string, steps: readonly Step[], { link }: Loss): readonly string[] {
  if (steps.length < 2) return steps.map((step) => `${title}: ${describeStep(step, link.name)}.`);
  return [
    `${title}, first to act first:`,
    ...steps.map((step, index) => `  ${String(index + 1)}. ${describeStep(step, link.name)}.`),
  ];
}

/** What makes the loss of the log-probabilities; the order of these steps has no meaning. */
function termsText(plan: Plan, { link }: Loss): readonly string[] {
  const terms = plan.filter((step) => !isTargetStep(step) && !isLogitStep(step));
  const texts = terms.map((step) => describeStep(step, link.name));
  return texts.map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}

import type { Plan } from '../plan.js';
import { CROSS_ENTROPY, describeSurprisal } from './describe-surprisal.js';
import type { Summary } from './summary.js';

/** Where log-probabilities come from, by the input of a call. */
const SOURCES: Readonly<Record<Summary['link'], Readonly<Record<Summary['input'], string>>>> = {
  softmax: { logits: 'l = log softmax(z)', probabilities: 'l = log p, p as given', 'log-probabilities': 'l as given' },
  sigmoid: { logits: 'p = sigmoid(z)', probabilities: 'p as given', 'log-probabilities': 'log p as given' },
};

/** The loss of a row (an element of binary losses), by what the steps made of targets and logits. */
export function describeRow({ link, input }: Summary, plan: Plan): string {
  const unit = link === 'sigmoid' ? 'an element' : 'a row';
  return `Loss of ${unit}: ${costText(link, plan)}${addedText(plan)}, ${SOURCES[link][input]}${surprisalText(plan)}.`;
}

function costText(link: Summary['link'], plan: Plan): string {
  if (isReplaced(plan)) return 'the custom function of u and l';
  return link === 'sigmoid' ? 'u_1 psi(log p) + u_0 psi(log(1 - p))' : 'sum_c u_c psi(l_c)';
}

function addedText(plan: Plan): string {
  const custom = plan.some((step) => step.kind === 'custom' && !step.replaces) ? ' + the custom function' : '';
  return (plan.some((step) => step.kind === 'partition') ? ' + z-loss' : '') + custom;
}

/** Cross-entropy stands in no step. */
function surprisalText(plan: Plan): string {
  if (isReplaced(plan) || plan.some((step) => step.kind === 'surprisal')) return '';
  return `; ${describeSurprisal(CROSS_ENTROPY)}`;
}

function isReplaced(plan: Plan): boolean {
  return plan.some((step) => step.kind === 'custom' && step.replaces);
}

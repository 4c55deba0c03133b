import type { CallOptions } from '../loss.js';
import type { Plan } from '../plan.js';
import { numberText } from './number-text.js';
import { divisorOf, type Summary } from './summary.js';

/** What the value of a call is: a sum, or a mean and what it divides by. */
export function describeMean(
  link: Summary['link'],
  unit: 'rows' | 'elements',
  plan: Plan,
  options: CallOptions,
): string {
  const divisor = divisorOf(link, plan, options);
  const leftOut =
    options.mask !== undefined || options.ignoreIndex !== undefined ? `; ${unit} left out count nowhere` : '';
  switch (divisor.kind) {
    case 'nothing':
      return `Value: the sum over ${unit}, divided by nothing${leftOut}.`;
    case 'number':
      return `Value: the sum over ${unit} divided by ${numberText(divisor.value)}, the number given${leftOut}.`;
    case 'count':
      return `Value: the mean, the sum over ${unit} divided by their number${leftOut}.`;
    case 'rows':
      return `Value: the sum over ${unit} divided by the number of rows: the mean over rows of the sum over their labels${leftOut}.`;
    case 'weight':
      return `Value: the mean, the sum over ${unit} divided by the sum of ${countedWeight(link, plan, options)}${leftOut}.`;
  }
}

/** The counted weight of a row or element, in the names of the plan. */
function countedWeight(link: Summary['link'], plan: Plan, { sampleWeights, labelWeights }: CallOptions): string {
  const scales = plan.filter((step) => step.kind === 'scale' && step.counted).length;
  const factors = [
    ...(sampleWeights === undefined ? [] : ['its sample weight']),
    ...(labelWeights === undefined ? [] : ['its label weight']),
    ...(scales === 0 ? [] : [scales === 1 ? 'w_y' : 'the product of its w_y']),
  ];
  const soft = link === 'softmax' ? 'sum_c w_c q_c' : 'w_0 (1 - y) + w_1 y';
  return `${factors.join(' times ')}${scales === 0 ? '' : ` (w_y: the weight of the target as given, ${soft})`}`;
}

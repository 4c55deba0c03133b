import { productText } from './call-text.js';
import type { Summary } from './summary.js';

/** What Keras does to probabilities. */
export const CLIPS = 'Keras clips probabilities to [1e-7, 1 - 1e-7]';

/** The predictions that are passed: logits or probabilities. */
export function predictions({ input }: Summary): string {
  return input === 'logits' ? 'z' : 'p';
}

/** The argument from_logits. */
export function fromLogits({ input }: Summary): string | undefined {
  return input === 'logits' ? 'True' : undefined;
}

/** The weight of a row, by its label and of its own. */
export function rowWeight({ sampleWeights, chain }: Summary): string | undefined {
  return productText([
    sampleWeights && 's',
    (chain.form === 'weighted' || chain.form === 'weighted-smoothed') && 'w[y]',
  ]);
}

/** A call with the reduction that divides as the loss does. */
export function totalled({ divisor }: Summary, call: (reduction: string | undefined) => string): string {
  if (divisor.kind === 'nothing') return call('"sum"');
  if (divisor.kind === 'number') return `${call('"sum"')} / ${String(divisor.value)}`;
  return call(divisor.kind === 'weight' ? '"mean_with_sample_weight"' : undefined);
}

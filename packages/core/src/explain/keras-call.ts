import { productText } from './call-text.js';
import type { Summary } from './summary.js';

/** What Keras does to probabilities, where it computes with them. */
export function clipNote(): string {
  return 'Keras clips probabilities to [1e-7, 1 - 1e-7]';
}

/** The note on the clip where the input is probabilities. */
export function inputNote({ input }: Summary): string | undefined {
  return input === 'logits' ? undefined : clipNote();
}

/** What the weights of rows are in a call of fit. */
export function classWeightNote({ chain }: Summary): string | undefined {
  return chain.weights && 'sample_weight=w[y] is what fit(class_weight=w) passes';
}

/** Several notes as one. */
export function notes(...parts: readonly (string | undefined)[]): string | undefined {
  const present = parts.filter((part) => part !== undefined);
  return present.length === 0 ? undefined : present.join('; ');
}

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

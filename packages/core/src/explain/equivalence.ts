import type { Summary } from './summary.js';

/** The frameworks that are compared. */
export type Framework = 'PyTorch' | 'Keras' | 'scikit-learn' | 'ONNX' | 'TensorFlow.js';

/** Targets for which a call does the same. `hard`: class indices, binary: 0 and 1; `soft`: rows of probabilities; `any`: both. */
export type TargetKind = 'hard' | 'soft' | 'any';

/** One row of the table: when a framework's call computes the same, and the text of that call. */
export interface Equivalence {
  /** Unique in the table. */
  readonly id: string;
  readonly framework: Framework;
  readonly targets: TargetKind;
  /** Whether the call does the same as the loss under the options. Has no need to ask what `applies` asks. */
  readonly when: (summary: Summary) => boolean;
  /** The call, in the names that `names.ts` explains. */
  readonly call: (summary: Summary) => string;
  /** Whether the call leaves out the rows of one label itself; otherwise it is given the rows that are kept. */
  readonly ignores?: (summary: Summary) => boolean;
  /** What the framework does otherwise at the edges. */
  readonly note?: (summary: Summary) => string | undefined;
}

/** Whether a row of the table says the truth about a loss and the options of its calls. */
export function applies({ targets, when }: Equivalence, summary: Summary): boolean {
  if (summary.custom || summary.clipped || summary.chain.form === 'other') return false;
  if (targets === 'soft' && needsIndices(summary)) return false;
  if (targets !== 'hard' && summary.unnormalized && summary.chain.form !== 'plain') return false;
  if (summary.link === 'sigmoid' && leavesOut(summary) && hasLabelAxis(summary)) return false;
  return when(summary);
}

/** Whether the call must be given the rows that are kept. */
export function takesKeptRows({ ignores }: Equivalence, summary: Summary): boolean {
  if (!leavesOut(summary)) return false;
  return summary.selects || !(ignores?.(summary) ?? false);
}

/** Cross-entropy of log-probabilities, of the link and nothing else. */
export function isCrossEntropy({ surprisal, partition }: Summary): boolean {
  return surprisal.kind === 'cross-entropy' && partition === 0;
}

/** Whether the loss changes the logits. */
export function changesLogits({ logitSteps }: Summary): boolean {
  return logitSteps.length > 0;
}

/** Whether the target steps come to one of these forms. */
export function hasForm({ chain }: Summary, ...forms: readonly Summary['chain']['form'][]): boolean {
  return forms.includes(chain.form);
}

/** Whether all weights of the target steps are among those that a mean by weight counts, or there are none. */
export function countsItsWeights({ chain, divisor }: Summary): boolean {
  return divisor.kind !== 'weight' || chain.weights === undefined || chain.counted;
}

/** Whether weights are [1 - alpha, alpha]. */
export function isBalance({ form, weights, perLabel }: Summary['chain']): boolean {
  const [negative, positive] = weights ?? [];
  return (
    form === 'weighted' &&
    !perLabel &&
    negative !== undefined &&
    positive !== undefined &&
    positive <= 1 &&
    negative === 1 - positive
  );
}

function leavesOut({ selects, ignoreIndex }: Summary): boolean {
  return selects || ignoreIndex !== undefined;
}

function needsIndices({ ignoreIndex, logitSteps, link }: Summary): boolean {
  return link === 'softmax' && (ignoreIndex !== undefined || logitSteps.some((step) => step.kind === 'margin'));
}

/** Whether something depends on which elements are the labels of a row. */
function hasLabelAxis({ chain, labelWeights, divisor }: Summary): boolean {
  return chain.perLabel || labelWeights || divisor.kind === 'rows';
}

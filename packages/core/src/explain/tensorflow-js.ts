import { callText } from './call-text.js';
import { changesLogits, countsItsWeights, hasForm, isCrossEntropy, type Equivalence } from './equivalence.js';
import type { Summary } from './summary.js';

/** Read in TensorFlow.js 4 (tfjs-core/src/ops/softmax_cross_entropy.ts, sigmoid_cross_entropy.ts, compute_weighted_loss.ts). */
export const TENSORFLOW_JS: readonly Equivalence[] = [
  {
    id: 'tensorflow-js-softmax-cross-entropy',
    framework: 'TensorFlow.js',
    targets: 'any',
    when: (summary) =>
      summary.link === 'softmax' && isLoss(summary) && !summary.unnormalized && hasForm(summary, 'plain', 'smoothed'),
    call: (summary) => weightedLoss(summary, 'softmaxCrossEntropy', 'q', summary.sampleWeights ? 's' : undefined),
  },
  {
    id: 'tensorflow-js-softmax-cross-entropy-label-weights',
    framework: 'TensorFlow.js',
    targets: 'hard',
    when: (summary) =>
      summary.link === 'softmax' && isLoss(summary) && hasForm(summary, 'weighted', 'weighted-smoothed'),
    call: (summary) =>
      weightedLoss(summary, 'softmaxCrossEntropy', 'q', summary.sampleWeights ? 'w.gather(y).mul(s)' : 'w.gather(y)'),
  },
  {
    id: 'tensorflow-js-sigmoid-cross-entropy',
    framework: 'TensorFlow.js',
    targets: 'any',
    when: (summary) =>
      summary.link === 'sigmoid' &&
      isLoss(summary) &&
      !summary.labelWeights &&
      summary.divisor.kind !== 'rows' &&
      hasForm(summary, 'plain', 'smoothed'),
    call: (summary) => weightedLoss(summary, 'sigmoidCrossEntropy', 'y', summary.sampleWeights ? 's' : undefined),
  },
];

function isLoss(summary: Summary): boolean {
  const { input, divisor, sampleWeights, chain } = summary;
  if (input !== 'logits' || !isCrossEntropy(summary) || changesLogits(summary) || !countsItsWeights(summary))
    return false;
  // SUM_BY_NONZERO_WEIGHTS leaves out of its count what weighs 0.
  return divisor.kind !== 'count' || (!sampleWeights && (chain.weights ?? []).every((weight) => weight > 0));
}

/** The reduction that divides as the loss does; the default divides by the rows whose weight is not 0. */
const REDUCTIONS: Readonly<Record<Summary['divisor']['kind'], string | undefined>> = {
  nothing: 'tf.Reduction.SUM',
  number: 'tf.Reduction.SUM',
  weight: 'tf.Reduction.MEAN',
  count: undefined,
  rows: undefined,
};

function weightedLoss({ chain, divisor }: Summary, name: string, targets: string, weights: string | undefined): string {
  const smoothing = chain.smoothing?.text;
  const reduction = REDUCTIONS[divisor.kind];
  const positional = [targets, 'z'];
  if (weights ?? smoothing ?? reduction) positional.push(weights ?? 'undefined');
  if (smoothing ?? reduction) positional.push(smoothing ?? '0');
  if (reduction) positional.push(reduction);
  const call = callText(`tf.losses.${name}`, positional);
  return divisor.kind === 'number' ? `${call}.div(${String(divisor.value)})` : call;
}

import { callText } from './call-text.js';
import { changesLogits, countsItsWeights, hasForm, isCrossEntropy, type Equivalence } from './equivalence.js';
import type { Summary } from './summary.js';

/** Operators of ONNX since opset 13; classes stand on axis 1. Read in onnx/reference/ops/op_softmax_cross_entropy_loss.py of ONNX 1.22. */
export const ONNX: readonly Equivalence[] = [
  {
    id: 'onnx-softmax-cross-entropy-loss',
    framework: 'ONNX',
    targets: 'hard',
    when: (summary) => summary.input === 'logits' && isOperator(summary),
    call: (summary) => operator(summary, 'SoftmaxCrossEntropyLoss', 'z'),
    ignores: () => true,
  },
  {
    id: 'onnx-negative-log-likelihood-loss',
    framework: 'ONNX',
    targets: 'hard',
    when: (summary) => summary.input === 'log-probabilities' && isOperator(summary),
    call: (summary) => operator(summary, 'NegativeLogLikelihoodLoss', 'l'),
    ignores: () => true,
  },
];

function isOperator(summary: Summary): boolean {
  const { link, chain, divisor, sampleWeights } = summary;
  if (link !== 'softmax' || !isCrossEntropy(summary) || changesLogits(summary) || sampleWeights) return false;
  if (!hasForm(summary, 'plain', 'weighted') || divisor.kind === 'number') return false;
  return divisor.kind === 'count' ? chain.weights === undefined : countsItsWeights(summary);
}

function operator({ chain, divisor, ignoreIndex, selects }: Summary, name: string, input: string): string {
  return callText(name, [input, 'y', ...(chain.weights ? ['w'] : [])], {
    ignore_index: ignoreIndex === undefined || selects ? undefined : String(ignoreIndex),
    reduction: divisor.kind === 'nothing' ? '"sum"' : '"mean"',
  });
}

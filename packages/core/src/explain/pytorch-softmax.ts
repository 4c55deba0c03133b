import { callText, floatText, productText } from './call-text.js';
import { countsItsWeights, hasForm, isCrossEntropy, type Equivalence } from './equivalence.js';
import { canWriteLogits, hasMargin, pytorchLogits } from './pytorch-logits.js';
import type { Summary } from './summary.js';

/** PyTorch's classes stand on axis 1. Read in torch 1.13 (torch/nn/functional.py, ATen/native/LossNLL.cpp) and run there. */
export const PYTORCH_SOFTMAX: readonly Equivalence[] = [
  {
    id: 'pytorch-cross-entropy',
    framework: 'PyTorch',
    targets: 'hard',
    when: (summary) =>
      isWritable(summary) &&
      !summary.sampleWeights &&
      !hasForm(summary, 'weighted-smoothed') &&
      (summary.divisor.kind === 'count' ? summary.chain.weights === undefined : countsItsWeights(summary)),
    call: (summary) => totalled(summary, (reduction) => crossEntropy(summary, 'y', reduction)),
    ignores: (summary) => !hasMargin(summary),
  },
  {
    id: 'pytorch-cross-entropy-by-rows',
    framework: 'PyTorch',
    targets: 'hard',
    when: (summary) =>
      isWritable(summary) &&
      !summary.sampleWeights &&
      hasForm(summary, 'weighted', 'smoothed-weighted') &&
      summary.divisor.kind === 'count',
    call: (summary) => `${crossEntropy(summary, 'y', '"none"')}.mean()`,
  },
  {
    id: 'pytorch-cross-entropy-weighing-rows',
    framework: 'PyTorch',
    targets: 'hard',
    when: (summary) =>
      isWritable(summary) &&
      (summary.sampleWeights || hasForm(summary, 'weighted-smoothed')) &&
      countsItsWeights(summary),
    call: (summary) => weighingRows(summary, 'y', hasForm(summary, 'weighted-smoothed') && 'w[y]', 'w[y]'),
  },
  {
    id: 'pytorch-cross-entropy-probabilities',
    framework: 'PyTorch',
    targets: 'soft',
    when: (summary) => takesProbabilities(summary) && !summary.sampleWeights,
    call: (summary) => totalled(summary, (reduction) => crossEntropy(summary, 'q', reduction), `(q * w).sum()`),
  },
  {
    id: 'pytorch-cross-entropy-probabilities-weighing-rows',
    framework: 'PyTorch',
    targets: 'soft',
    when: (summary) => takesProbabilities(summary) && summary.sampleWeights,
    call: (summary) => weighingRows(summary, 'q', undefined, '(q * w).sum(1)'),
  },
  {
    id: 'pytorch-z-loss',
    framework: 'PyTorch',
    targets: 'hard',
    when: (summary) =>
      summary.partition > 0 &&
      isWritable({ ...summary, partition: 0 }) &&
      summary.input === 'logits' &&
      !summary.sampleWeights &&
      hasForm(summary, 'plain', 'smoothed') &&
      (summary.divisor.kind === 'count' || summary.divisor.kind === 'nothing'),
    call: (summary) => {
      const [reduction, total] = summary.divisor.kind === 'count' ? [undefined, 'mean'] : ['"sum"', 'sum'];
      const squares = `torch.logsumexp(${pytorchLogits(summary)}, 1).square().${total}()`;
      return `${crossEntropy(summary, 'y', reduction)} + ${String(summary.partition)} * ${squares}`;
    },
  },
];

/** Whether PyTorch has the loss of a single row, whatever the targets. */
function isWritable(summary: Summary): boolean {
  const { link, input, chain } = summary;
  if (link !== 'softmax' || !isCrossEntropy(summary) || !canWriteLogits(summary)) return false;
  return input === 'logits' || chain.smoothing === undefined;
}

function takesProbabilities(summary: Summary): boolean {
  if (!isWritable(summary) || summary.input !== 'logits') return false;
  // Times the target 0 of a masked class, the logarithm -Infinity of its probability is NaN.
  if (summary.logitSteps.some((step) => step.kind === 'classMask')) return false;
  return !hasForm(summary, 'weighted-smoothed') && countsItsWeights(summary);
}

/** The call itself; nll_loss where the input is no logits. */
function crossEntropy(summary: Summary, targets: string, reduction: string | undefined): string {
  const { input, chain, ignoreIndex, selects } = summary;
  const ignores =
    targets === 'y' && reduction !== '"none"' && !selects && !hasMargin(summary) && summary.partition === 0;
  const named = {
    weight: chain.weights && chain.form !== 'weighted-smoothed' ? 'w' : undefined,
    ignore_index: ignores && ignoreIndex !== undefined && ignoreIndex !== -100 ? String(ignoreIndex) : undefined,
    label_smoothing: chain.smoothing?.text,
    reduction,
  };
  if (input === 'log-probabilities') return callText('F.nll_loss', ['l', targets], named);
  if (input === 'probabilities') return callText('F.nll_loss', ['torch.log(p)', targets], named);
  return callText('F.cross_entropy', [pytorchLogits(summary), targets], named);
}

/** A call that divides as the loss does. `weight`: what a mean by weight divides by where the call itself does not. */
function totalled(
  { divisor, chain }: Summary,
  call: (reduction: string | undefined) => string,
  weight?: string,
): string {
  if (divisor.kind === 'nothing') return call('"sum"');
  if (divisor.kind === 'number') return `${call('"sum"')} / ${String(divisor.value)}`;
  if (divisor.kind === 'weight' && weight !== undefined && chain.weights) return `${call('"sum"')} / ${weight}`;
  return call(undefined);
}

/** The losses of the rows, each times its weight, and then what the mean divides by. */
function weighingRows(
  summary: Summary,
  targets: string,
  labelWeight: string | false | undefined,
  countedWeight: string,
): string {
  const { sampleWeights, chain, divisor } = summary;
  const factor = productText([sampleWeights && 's', labelWeight]) ?? '1';
  const losses = `(${factor} * ${crossEntropy(summary, targets, '"none"')})`;
  const counted = productText([sampleWeights && 's', chain.weights && chain.counted && countedWeight]) ?? '1';
  if (divisor.kind === 'nothing') return `${losses}.sum()`;
  if (divisor.kind === 'number') return `${losses}.sum() / ${floatText(divisor.value)}`;
  return divisor.kind === 'count' ? `${losses}.mean()` : `${losses}.sum() / (${counted}).sum()`;
}

import { callText, floatText, productText } from './call-text.js';
import {
  changesLogits,
  countsItsWeights,
  hasForm,
  isCrossEntropy,
  type Equivalence,
  isBalance,
} from './equivalence.js';
import { hasMargin, pytorchLogits } from './pytorch-logits.js';
import type { Summary } from './summary.js';

/** Read in torch 1.13 (torch/nn/functional.py, ATen/native/Loss.cpp) and torchvision 0.14 (ops/focal_loss.py), and run there. */
export const PYTORCH_SIGMOID: readonly Equivalence[] = [
  {
    id: 'pytorch-binary-cross-entropy',
    framework: 'PyTorch',
    targets: 'any',
    when: (summary) =>
      isWritable(summary) &&
      summary.input === 'logits' &&
      !hasForm(summary, 'weighted-smoothed') &&
      !hasMargin(summary) &&
      negativeWeight(summary) > 0,
    call: binaryCrossEntropy,
  },
  {
    id: 'pytorch-binary-cross-entropy-labels',
    framework: 'PyTorch',
    targets: 'hard',
    when: (summary) =>
      isWritable(summary) &&
      summary.input === 'logits' &&
      (hasForm(summary, 'weighted-smoothed') || hasMargin(summary)) &&
      negativeWeight(summary) > 0,
    call: binaryCrossEntropy,
  },
  {
    id: 'pytorch-binary-cross-entropy-of-probabilities',
    framework: 'PyTorch',
    targets: 'any',
    when: (summary) =>
      isWritable(summary) && summary.input === 'probabilities' && hasForm(summary, 'plain', 'smoothed'),
    call: binaryCrossEntropy,
    note: () => 'PyTorch takes logarithms below -100 as -100',
  },
  {
    id: 'torchvision-sigmoid-focal-loss',
    framework: 'PyTorch',
    targets: 'hard',
    when: ({ link, surprisal, partition, input, chain, sampleWeights, labelWeights, divisor, logitSteps }) =>
      link === 'sigmoid' &&
      surprisal.kind === 'focal' &&
      partition === 0 &&
      input === 'logits' &&
      logitSteps.length === 0 &&
      !sampleWeights &&
      !labelWeights &&
      divisor.kind !== 'weight' &&
      divisor.kind !== 'rows' &&
      (chain.form === 'plain' || isBalance(chain)),
    call: (summary) => totalled(summary, (reduction) => sigmoidFocalLoss(summary, reduction ?? '"mean"')),
  },
];

function isWritable(summary: Summary): boolean {
  return (
    summary.link === 'sigmoid' &&
    isCrossEntropy(summary) &&
    countsItsWeights(summary) &&
    !(summary.input !== 'logits' && changesLogits(summary))
  );
}

/** w0, the weight of the negative outcome. */
function negativeWeight({ chain }: Summary): number {
  return chain.weights === undefined || chain.perLabel ? 1 : (chain.weights[0] ?? 1);
}

function positiveText({ chain }: Summary): string {
  return chain.perLabel ? 'w' : floatText(chain.weights?.[1] ?? 1);
}

function binaryCrossEntropy(summary: Summary): string {
  const { chain, input, sampleWeights, labelWeights, divisor } = summary;
  const targets =
    chain.smoothing === undefined ? 'y' : `y * (1 - ${chain.smoothing.text}) + ${chain.smoothing.text} / 2`;
  const byLabel = chain.form === 'weighted-smoothed';
  const weight = productText([
    sampleWeights && 's',
    labelWeights && 'v',
    byLabel ? outcomeWeight(summary) : negativeFactor(summary),
  ]);
  const counted = productText([
    sampleWeights && 's',
    labelWeights && 'v',
    chain.counted && chain.weights && outcomeWeight(summary),
  ]);
  const isNumber = !sampleWeights && !labelWeights && !byLabel;
  const named = {
    weight: weight !== undefined && isNumber ? `torch.tensor(${weight})` : weight,
    pos_weight: chain.weights === undefined || byLabel ? undefined : positiveWeight(summary),
  };
  const call = (reduction: string | undefined): string =>
    input === 'logits'
      ? callText('F.binary_cross_entropy_with_logits', [pytorchLogits(summary), targets], { ...named, reduction })
      : callText('F.binary_cross_entropy', ['p', targets], { weight: named.weight, reduction });
  return divisor.kind === 'weight'
    ? `${call('"sum"')} / (${counted ?? '1'}).expand_as(y).sum()`
    : totalled(summary, call);
}

/** The weight of an outcome by its target, (w1 y + w0 (1 - y)). */
function outcomeWeight(summary: Summary): string {
  return `(${positiveText(summary)} * y + ${floatText(negativeWeight(summary))} * (1 - y))`;
}

function negativeFactor(summary: Summary): string | undefined {
  const weight = negativeWeight(summary);
  return weight === 1 ? undefined : floatText(weight);
}

/** pos_weight comes on top of the weight of both outcomes. */
function positiveWeight(summary: Summary): string {
  if (summary.chain.perLabel) return 'w';
  const negative = negativeFactor(summary);
  const positive = positiveText(summary);
  return `torch.tensor(${negative === undefined ? positive : `${positive} / ${negative}`})`;
}

function sigmoidFocalLoss({ chain, surprisal }: Summary, reduction: string): string {
  const gamma = surprisal.kind === 'focal' ? surprisal.gamma : 0;
  const alpha = chain.weights?.[1] ?? -1;
  return callText('torchvision.ops.sigmoid_focal_loss', ['z', 'y'], {
    alpha: String(alpha),
    gamma: String(gamma),
    reduction,
  });
}

function totalled({ divisor, input }: Summary, call: (reduction: string | undefined) => string): string {
  if (divisor.kind === 'nothing') return call('"sum"');
  if (divisor.kind === 'number') return `${call('"sum"')} / ${String(divisor.value)}`;
  if (divisor.kind === 'rows') return `${call('"sum"')} / ${input === 'logits' ? 'z' : 'p'}.shape[0]`;
  return call(undefined);
}

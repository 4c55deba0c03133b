import type { CallOptions, Loss } from '../loss.js';
import type { Plan } from '../plan.js';
import { isModulated, isSymmetric } from './describe-surprisal.js';
import { listText } from './number-text.js';
import { smoothedBeforeWeights } from './smoothed-before-weights.js';
import { divisorOf, type Summary } from './summary.js';

/** What a warning is about. */
export interface Explained {
  readonly loss: Loss;
  readonly plan: Plan;
  readonly options: CallOptions;
  readonly summary: Summary;
}

/** Says what is unexpected, or nothing. */
type Warning = (explained: Explained) => string | undefined;

const WARNINGS: readonly Warning[] = [
  smoothedBeforeWeights,
  modulatedSoftTargets,
  symmetricSoftTargets,
  weightsNotCounted,
  unsmoothedMask,
  inputRefused,
];

/** Everything unexpected about a loss and the options of its calls. */
export function warningsOf(explained: Explained): readonly string[] {
  return WARNINGS.flatMap((warning) => warning(explained) ?? []);
}

function modulatedSoftTargets({ plan, summary }: Explained): string | undefined {
  // Where the outcomes have surprisals of their own there is no p_t, and no loss of theirs to compare with.
  const modulated = plan.some(
    (step) => step.kind === 'surprisal' && step.negativeTerms === undefined && isModulated(step),
  );
  if (!modulated || summary.link !== 'sigmoid') return undefined;
  const when = plan.some((step) => step.kind === 'mix' && step.smoothing > 0)
    ? 'With these smoothed targets'
    : 'With targets other than 0 and 1';
  return `${when} torchvision, Keras and optax compute another loss: they modulate by 1 - p_t with p_t = p y + (1 - p)(1 - y), this one each outcome by its own 1 - p.`;
}

function symmetricSoftTargets({ plan }: Explained): string | undefined {
  if (!plan.some((step) => step.kind === 'surprisal' && isSymmetric(step.terms))) return undefined;
  return 'With probability or smoothed targets q this differs from Wang et al. (2019), whose reverse term is -sum_c p_c log q_c; here it is the sum of q_c (1 - p_c). For hard labels they are the same.';
}

/** A mean whose denominator leaves out weights that its numerator has. */
function weightsNotCounted({ plan, options, summary }: Explained): string | undefined {
  const divisor = divisorOf(summary.link, plan, options);
  if (divisor.kind === 'nothing' || divisor.kind === 'number') return undefined;
  const byWeight = (options.denominator ?? 'weight') === 'weight';
  const scales = plan.filter((step) => step.kind === 'scale' && step.weights.some((weight) => weight !== 1));
  const names = [
    ...(scales.some((step) => step.kind === 'scale' && step.counted) && !byWeight ? ['class weights'] : []),
    ...(scales.some((step) => step.kind === 'scale' && !step.counted)
      ? [summary.link === 'sigmoid' ? 'positive weight' : 'weights that are not counted']
      : []),
    ...(options.sampleWeights !== undefined && !byWeight ? ['sample weights'] : []),
    ...(options.labelWeights !== undefined && !byWeight ? ['label weights'] : []),
  ];
  if (names.length === 0) return undefined;
  return `The mean does not divide by the ${listText(names)}: larger weights make value and gradient larger.`;
}

/** Smoothing spreads over the classes a mask leaves; frameworks that mask by -Infinity logits spread over all. */
function unsmoothedMask({ plan }: Explained): string | undefined {
  const masked = plan.some((step) => step.kind === 'classMask');
  const smoothed = plan.some((step) => step.kind === 'mix' && step.smoothing > 0 && step.towards === undefined);
  return masked && smoothed
    ? 'Smoothing spreads over the classes that the class mask leaves; a framework given -Infinity logits would spread over all and return Infinity.'
    : undefined;
}

function inputRefused({ plan, summary: { input } }: Explained): string | undefined {
  if (input === 'logits') return undefined;
  const step = plan.find(({ kind }) => !['scale', 'mix', 'surprisal'].includes(kind));
  return step && `A call with input: '${input}' is refused: the step '${step.kind}' needs logits.`;
}

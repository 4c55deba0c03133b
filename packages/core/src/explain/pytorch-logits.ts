import type { LogitStep } from '../plan.js';
import { floatText } from './call-text.js';
import type { Summary } from './summary.js';

/** How a logit step is written around an expression of the logits; `b`, `m` and `allowed` are the vectors of the plan. */
type Writer<Kind extends LogitStep['kind']> = (
  inner: string,
  step: Extract<LogitStep, { kind: Kind }>,
  link: Summary['link'],
) => string;

const WRITERS: { readonly [Kind in LogitStep['kind']]: Writer<Kind> } = {
  affine: (inner, { scale, offsets }, link) => {
    const scaled = scale === 1 ? inner : `${wrapped(inner)} * ${floatText(scale)}`;
    if (offsets === undefined) return scaled;
    return link === 'softmax' ? `${scaled} + b` : `${scaled} + ${floatText((offsets[1] ?? 0) - (offsets[0] ?? 0))}`;
  },
  softcap: (inner, { cap }) => `${floatText(cap)} * torch.tanh(${wrapped(inner)} / ${floatText(cap)})`,
  classMask: (inner) => `${wrapped(inner)}.masked_fill(~allowed, -torch.inf)`,
  margin: (inner, { margins }, link) =>
    link === 'softmax'
      ? `${inner} - m * F.one_hot(y, z.shape[1])`
      : `${inner} - (${floatText(margins[1] ?? 0)} * y - ${floatText(margins[0] ?? 0)} * (1 - y))`,
};

/** The logits after the logit steps, as PyTorch code. */
export function pytorchLogits({ logitSteps, link }: Summary): string {
  return logitSteps.reduce((inner, step) => (WRITERS[step.kind] as Writer<LogitStep['kind']>)(inner, step, link), 'z');
}

/** Whether PyTorch code says the same: smoothing over masked classes and two vectors of one kind have no names in it. */
export function canWriteLogits({ logitSteps, chain, link }: Summary): boolean {
  const vectors = logitSteps.map((step) => (step.kind === 'affine' && step.offsets === undefined ? '' : step.kind));
  const once = (kind: string): boolean => vectors.filter((found) => found === kind).length < 2;
  const masked = vectors.includes('classMask');
  if (masked && chain.smoothing !== undefined) return false;
  return link === 'sigmoid' || (once('affine') && once('margin') && once('classMask'));
}

/** Whether a step needs the label, which an ignored row does not have. */
export function hasMargin({ logitSteps }: Summary): boolean {
  return logitSteps.some((step) => step.kind === 'margin');
}

function wrapped(inner: string): string {
  return inner === 'z' ? inner : `(${inner})`;
}

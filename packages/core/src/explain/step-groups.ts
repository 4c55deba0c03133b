import type { LogitStep, Step, TargetStep } from '../plan.js';

/** What a step maps; `loss`: what makes the loss of the log-probabilities. */
const GROUPS: Readonly<Record<Step['kind'], 'targets' | 'logits' | 'loss'>> = {
  scale: 'targets',
  mix: 'targets',
  affine: 'logits',
  softcap: 'logits',
  classMask: 'logits',
  margin: 'logits',
  surprisal: 'loss',
  partition: 'loss',
  custom: 'loss',
};

/** Whether a step maps targets. */
export function isTargetStep(step: Step): step is TargetStep {
  return GROUPS[step.kind] === 'targets';
}

/** Whether a step maps logits. */
export function isLogitStep(step: Step): step is LogitStep {
  return GROUPS[step.kind] === 'logits';
}

/** Whether a step is one that frameworks may have too: of a kind known here, and no function of a plugin. */
export function isDeclarative({ kind }: Step): boolean {
  return kind in GROUPS && kind !== 'custom';
}

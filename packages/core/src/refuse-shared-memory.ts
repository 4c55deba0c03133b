import type { Call } from './call.js';
import { refuseSharedExtras } from './extras/extra-outputs.js';
import type { AskedExtras } from './extras/read-extras.js';
import { refuseOverlap, type Output } from './outputs.js';

/** Refuses outputs that share memory with an input, or with each other. */
export function refuseSharedMemory(
  call: Call,
  gradient: Output | undefined,
  losses: Output | undefined,
  extras: AskedExtras | undefined,
): void {
  const inputs = [
    ['logits', call.logits.source.data],
    ['targets', call.targets.numbers.source.data],
    ['sampleWeights', call.sampleWeights?.numbers.source.data],
    ['mask', call.mask?.numbers.source.data],
  ] as const;
  refuseOverlap(call.of, 'gradient', gradient, inputs);
  if (losses) refuseOverlap(call.of, 'losses', losses, [...inputs, ['gradient', gradient?.array]]);
  if (extras)
    refuseSharedExtras(call.of, extras, [...inputs, ['gradient', gradient?.array], ['losses', losses?.array]]);
}

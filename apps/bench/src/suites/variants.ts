/** Specs of variants by short names, as the suites use them. */
import type { LossJson } from '@surprisal/core';
import type { InputSpec, OwnProgram, VariantSpec } from '../measure/protocol.js';

export const ANCHOR = 'anchor';
export const SENTINEL = 'sentinel';
export const COPY = 'copy';

/** The frozen loop, its second copy, and the copy floor. */
export function yardsticks(input = 'main'): VariantSpec[] {
  return [
    { id: ANCHOR, input, program: { kind: 'anchor', copy: 1 } },
    { id: SENTINEL, input, program: { kind: 'anchor', copy: 2 } },
    { id: COPY, input, program: { kind: 'copy' } },
  ];
}

/** A variant of ours: value and gradient of a loss by an engine, with ordinary arrays, unless said otherwise. */
export function own(
  id: string,
  loss: LossJson,
  engine: string,
  more: Partial<OwnProgram> & { readonly input?: string } = {},
): VariantSpec {
  const { input = 'main', ...program } = more;
  const standard = { kind: 'ours', side: 'main', operation: 'value-and-gradient', memory: 'ordinary' } as const;
  return { id, input, program: { ...standard, loss, engine, ...program } };
}

/** Other libraries, each computing value and gradient. */
export function peers(names: readonly string[], input = 'main'): VariantSpec[] {
  return names.map((peer) => ({ id: peer, input, program: { kind: 'peer', peer, operation: 'value-and-gradient' } }));
}

/** Normal logits with labels. */
export function normalInput(rows: number, classes: number, more: Partial<NormalInput> = {}): InputSpec {
  const { type = 'float32', targets = 'labels', ...source } = more;
  return { rows, classes, type, targets, source: { kind: 'normal', seed: 1, spread: 3, ...source } };
}

type NormalInput = Pick<InputSpec, 'type' | 'targets'> &
  Omit<Extract<InputSpec['source'], { readonly kind: 'normal' }>, 'kind'>;

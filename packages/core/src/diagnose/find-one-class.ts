import type { CallOptions, Logits, Loss } from '../loss.js';
import { readNumbers } from '../read-numbers.js';
import type { Finding } from './finding.js';

/** Whether a refused call has one class under softmax. */
export function findOneClass(loss: Loss, logits: Logits, options: CallOptions): Finding | undefined {
  if (loss.link.name !== 'softmax' || countOf(loss, logits, options) !== 1) return undefined;
  return {
    code: 'one-class',
    severity: 'error',
    argument: 'logits',
    position: 0,
    cause: 'The class axis of the logits has length 1: the softmax of one class is always 1 and its loss always 0.',
    fix: 'use binaryCrossEntropy for one logit per row, or state the axis that holds the classes (axis: 1)',
  };
}

function countOf(loss: Loss, logits: Logits, { axis = -1, classes }: CallOptions): number | undefined {
  try {
    const { dims } = readNumbers(logits, { of: 'diagnose', argument: 'logits', numbers: 'float' });
    return dims?.at(axis) ?? classes ?? loss.classes;
  } catch {
    return undefined;
  }
}

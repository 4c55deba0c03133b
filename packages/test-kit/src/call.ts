import type { CallEvaluation, CallOptions, Loss } from '@surprisal/core';
import { assertHolds } from './assertions.js';
import { logitsOf, targetsOf, type Batch } from './batch.js';
import type { Subject } from './subject.js';

/** An evaluation that was asked for both outputs. */
export interface Outcome extends Omit<CallEvaluation, 'gradient' | 'losses' | 'toJSON'> {
  readonly gradient: ArrayLike<number>;
  readonly losses: ArrayLike<number>;
}

/** Evaluates a batch with gradient and per-row losses. */
export function outcomeOf(
  subject: Subject,
  batch: Batch,
  options: CallOptions = {},
  type: 'float64' | 'float32' = 'float64',
): Outcome {
  return outcomeOfLoss(subject.loss, batch, withEngine(subject, options), type);
}

/** The same for another loss than the subject's. */
export function outcomeOfLoss(
  loss: Loss,
  batch: Batch,
  options: CallOptions = {},
  type: 'float64' | 'float32' = 'float64',
): Outcome {
  const asked = { gradient: true, losses: true, ...options };
  const { gradient, losses, ...evaluation } = loss.evaluate(logitsOf(batch, type), targetsOf(batch), asked);
  assertHolds(gradient !== undefined, 'evaluate with gradient: true returned no gradient');
  assertHolds(losses !== undefined, 'evaluate with losses: true returned no losses');
  return { ...evaluation, gradient, losses };
}

/** The value alone. */
export function valueOf(subject: Subject, batch: Batch, options: CallOptions = {}): number {
  return subject.loss.value(logitsOf(batch), targetsOf(batch), withEngine(subject, options));
}

/** Call options with the engine under test. */
export function withEngine({ engine }: Subject, options: CallOptions): CallOptions {
  return engine === undefined ? options : { engine, ...options };
}

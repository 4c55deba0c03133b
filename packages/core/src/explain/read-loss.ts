import { kindError, show } from '../errors.js';
import type { Loss } from '../loss.js';

/** A loss by its contract, never by identity. @throws TypeError for anything else. */
export function readLoss(value: unknown, of = 'explain'): Loss {
  const argument = 'loss';
  if (
    typeof value !== 'object' ||
    value === null ||
    !('evaluate' in value) ||
    !('toJSON' in value) ||
    !('link' in value)
  )
    throw kindError({
      of,
      argument,
      requirement: 'a loss',
      got: show(value),
      fix: typeof value === 'function' ? 'call the plugin: categoricalCrossEntropy()' : undefined,
    });
  const loss = value as Loss;
  const { version } = loss as { version: unknown };
  if (version !== 1)
    throw kindError({ of, argument, requirement: 'a loss of contract version 1', got: `version ${show(version)}` });
  return loss;
}

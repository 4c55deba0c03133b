import { callPreparer, type Loss, type PrepareCall } from '@surprisal/core';
import { messageOf, show } from './errors.js';

/** A loss as it travels, and how its calls are taken apart. */
export interface PoolLoss {
  readonly prepare: PrepareCall;
  readonly json: string;
  /** Registered names of the plugins that it is made of, outermost first. */
  readonly names: readonly string[];
}

/** Reads the loss of a call. */
export function readLoss(loss: unknown): PoolLoss {
  if (typeof loss !== 'object' || loss === null || !('evaluate' in loss) || !('toJSON' in loss))
    throw new TypeError(
      messageOf({
        of: 'pool',
        argument: 'loss',
        requirement: 'a loss',
        got: show(loss),
        fix:
          typeof loss === 'function'
            ? 'call the plugin: categoricalCrossEntropy()'
            : 'the order of the arguments is (loss, logits, targets, options)',
      }),
    );
  const made = loss as Loss;
  return { prepare: callPreparer(made), json: JSON.stringify(made), names: namesIn(made.toJSON()) };
}

/** Refuses a loss that the workers cannot make again. */
export function refuseUnknownPlugins({ names }: PoolLoss, known: readonly string[]): void {
  const missing = names.find((name) => !known.includes(name));
  if (missing === undefined) return;
  const list = [...new Set(known)].map((name) => `'${name}'`).join(', ');
  throw new RangeError(
    messageOf({
      of: 'pool',
      argument: 'loss',
      requirement: `a loss made by the plugins of the pool, ${list}`,
      got: `one made by '${missing}'`,
      fix: `add the URL of the module that exports '${missing}' to the plugins of createPool`,
    }),
  );
}

function namesIn(json: unknown): string[] {
  if (typeof json !== 'object' || json === null || !('loss' in json)) return [];
  return [String(json.loss), ...namesIn('of' in json ? json.of : undefined)];
}

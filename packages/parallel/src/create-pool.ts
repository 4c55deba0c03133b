import type { CallEvaluation, CallOptions, GradientOf, Logits, Loss, Targets, ValueAndGradient } from '@surprisal/core';
import { readSignal, throwIfAborted, type AbortSignalLike } from './abort.js';
import { messageOf } from './errors.js';
import { findPlatform } from './platform.js';
import { readLoss, type PoolLoss } from './pool-loss.js';
import { readPoolOptions, type PoolOptions } from './read-pool-options.js';
import { runCall } from './run-call.js';
import { takeTurns } from './take-turns.js';
import { workerSlot, type WorkerSlot } from './worker-slot.js';

/** Options of a call over a pool: those of every call, and a signal. */
export interface PoolCallOptions extends CallOptions {
  /** Rejects the call with its reason, and ends the workers that compute it. */
  readonly signal?: AbortSignalLike;
}

/** The verbs of a loss over workers: its arguments, options, results and errors, bit by bit and word by word. */
export interface Pool {
  /** The mean (or sum) in nats. */
  readonly value: (loss: Loss, logits: Logits, targets: Targets, options?: PoolCallOptions) => Promise<number>;
  /** The value and its exact gradient with respect to the logits. */
  readonly valueAndGradient: <
    const Options extends PoolCallOptions = PoolCallOptions,
    LogitsType extends Logits = Logits,
  >(
    loss: Loss,
    logits: LogitsType,
    targets: Targets,
    options?: Options,
  ) => Promise<ValueAndGradient<GradientOf<Options, LogitsType>>>;
  /** Value, weight and counts, mergeable; gradient and per-row losses where asked for. */
  readonly evaluate: (
    loss: Loss,
    logits: Logits,
    targets: Targets,
    options?: PoolCallOptions,
  ) => Promise<CallEvaluation>;
  /** Ends the workers and rejects what is pending; later calls reject too. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a pool of workers that compute losses: a thread pool, data-parallel evaluation. Workers start with the first
 * call, stay for the next, and keep no process alive while they are idle. A call is split into whole rows, one part for
 * each worker; calls take turns. Results do not depend on the number of workers, not even in the last bit.
 *
 * Arrays on a `SharedArrayBuffer` are shared, everything else is copied. Leave the arrays of a call alone until its
 * promise settles.
 *
 * @throws TypeError or RangeError for options of the wrong kind or out of range. Calls reject with the errors of the
 * loss; with an error that names the plugin for a loss that the pool's plugins cannot make; with the reason of the
 * signal; and when a worker dies, which the next call replaces.
 *
 * @example
 * const pool = createPool({ plugins: [import.meta.resolve('@surprisal/categorical')], workers: 2 });
 * await pool.value(categoricalCrossEntropy(), [[1, 2, 0.5], [0.1, -1, 3]], [1, 2]); // 0.26757150153421816
 * await pool.close();
 */
export function createPool(options: PoolOptions): Pool {
  const { plugins, workers, worker } = readPoolOptions(options);
  const inTurn = takeTurns();
  const losses = new WeakMap<Loss, PoolLoss>();
  let slots: Promise<readonly WorkerSlot[]> | undefined;
  let closed = false;

  const makeSlots = async (): Promise<readonly WorkerSlot[]> => {
    const platform = await findPlatform();
    return Array.from({ length: workers ?? platform.parallelism }, () => workerSlot(platform, worker, plugins));
  };

  const evaluate: Pool['evaluate'] = async (given, logits, targets, options) => {
    const signal = readSignal(options?.signal);
    throwIfAborted(signal);
    if (closed) throw closedError();
    const loss = losses.get(given) ?? readLoss(given);
    losses.set(given, loss);
    const call = loss.prepare(logits, targets, withoutSignal(options));
    return inTurn(signal, async () => {
      const team = await (slots ??= makeSlots());
      throwIfAborted(signal);
      if (closed) throw closedError();
      return runCall(call, loss, team, signal);
    });
  };

  return Object.freeze<Pool>({
    value: async (loss, logits, targets, options) => {
      const only = options && { ...options, gradient: false, losses: false };
      return (await evaluate(loss, logits, targets, only)).value;
    },
    valueAndGradient: async (loss, logits, targets, options) => {
      const asked = options?.gradient;
      const wanted = { ...options, gradient: asked === undefined || asked === false ? true : asked };
      const { value, gradient } = await evaluate(loss, logits, targets, wanted);
      return { value, gradient } as never;
    },
    evaluate,
    close: async () => {
      closed = true;
      await Promise.all((await slots)?.map((slot) => slot.stop(closedError())) ?? []);
    },
  });
}

/** The options that the loss knows. */
function withoutSignal(options: PoolCallOptions | undefined): CallOptions | undefined {
  if (typeof (options as unknown) !== 'object' || !Object.hasOwn(options ?? {}, 'signal')) return options;
  return Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => name !== 'signal'));
}

function closedError(): Error {
  return new Error(
    messageOf({
      of: 'pool',
      argument: 'call',
      requirement: 'a pool that is open',
      got: 'one that was closed',
      fix: 'make another with createPool',
    }),
  );
}

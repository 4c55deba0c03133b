import { messageOf, show } from './errors.js';

/** An `AbortSignal`, named structurally: not every TypeScript library knows it. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
  readonly addEventListener: (type: 'abort', listener: () => void) => void;
  readonly removeEventListener: (type: 'abort', listener: () => void) => void;
}

/** Reads the signal of a call. */
export function readSignal(signal: unknown): AbortSignalLike | undefined {
  if (signal === undefined) return undefined;
  if (typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal)
    return signal as AbortSignalLike;
  throw new TypeError(messageOf({ of: 'pool', argument: 'signal', requirement: 'an AbortSignal', got: show(signal) }));
}

/** Does `act` when the signal aborts, while `work` lasts. */
export async function whileListening<Result>(
  signal: AbortSignalLike | undefined,
  act: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  signal?.addEventListener('abort', act);
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', act);
  }
}

/** Throws the reason of a signal that has aborted. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  // The reason is the caller's own, whatever it is.
  if (signal?.aborted === true) throw signal.reason;
}

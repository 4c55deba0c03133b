import { throwIfAborted, whileListening, type AbortSignalLike } from './abort.js';

/** Does work in its turn; rejects at once when the signal aborts before. */
export type InTurn = <Result>(signal: AbortSignalLike | undefined, work: () => Promise<Result>) => Promise<Result>;

/** One piece of work after another, in the order in which they came. */
export function takeTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (signal, work) => {
    const before = last;
    const mine = waitFor(before, signal).then(work);
    last = Promise.allSettled([before, mine]);
    return mine;
  };
}

async function waitFor(before: Promise<unknown>, signal: AbortSignalLike | undefined): Promise<void> {
  throwIfAborted(signal);
  let leave: () => void = () => undefined;
  const aborted = new Promise<void>((resolve) => (leave = resolve));
  await whileListening(signal, leave, () => Promise.race([before, aborted]));
  throwIfAborted(signal);
}

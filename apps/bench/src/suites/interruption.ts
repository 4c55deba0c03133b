/** Ctrl-C: what is measured ends, what was finished stays. */
export class Interrupted extends Error {}

/** Runs something with a signal that Ctrl-C sets off; a second Ctrl-C ends the program as usual. */
export async function withInterruption<Result>(
  run: (signal: AbortSignal) => Promise<Result>,
  source: Pick<NodeJS.Process, 'once' | 'off'> = process,
): Promise<Result> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort(new Interrupted('ended by Ctrl-C'));
  source.once('SIGINT', interrupt);
  try {
    return await run(controller.signal);
  } finally {
    source.off('SIGINT', interrupt);
  }
}

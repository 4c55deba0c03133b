import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job, Message, ProcessReport } from './protocol.js';

/** Runs a job somewhere, and resolves to what it found; another one in tests. */
export type RunJob = (job: Job, options?: RunJobOptions) => Promise<ProcessReport>;

export interface RunJobOptions {
  readonly note?: ((text: string) => void) | undefined;
  /** Ends the process and rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A measuring process that failed: an output was wrong, or a program threw. */
export class JobFailure extends Error {
  readonly kind: 'wrong' | 'broken';
  constructor(kind: 'wrong' | 'broken', message: string) {
    super(message);
    this.name = 'JobFailure';
    this.kind = kind;
  }
}

/**
 * A large young generation holds the objects of a few calls without a collection, so that what calls allocate can be
 * counted. Hidden classes are kept whatever is collected: where those of a call's short-lived objects die, its optimised
 * code dies with them, and one small call was measured up to ten times slower than in any program.
 */
const NODE_OPTIONS = ['--expose-gc', '--max-semi-space-size=64', '--retain-maps-for-n-gc=1000000', '--no-warnings'];

/** Runs a job in a fresh process of Node. */
export const runJobApart: RunJob = (job, options) =>
  runJobBy(fileURLToPath(new URL('./worker.js', import.meta.url)), job, options);

/** The same by another build of the worker. */
export function runJobBy(worker: string, job: Job, { note, signal }: RunJobOptions = {}): Promise<ProcessReport> {
  return new Promise((resolve, reject) => {
    const child = fork(worker, {
      execArgv: NODE_OPTIONS,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const errors: string[] = [];
    const abort = (): void => {
      child.kill('SIGKILL');
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the run was ended'));
    };
    signal?.addEventListener('abort', abort, { once: true });
    child.stderr?.on('data', (chunk) => errors.push(String(chunk)));
    child.on('message', (message: Message) => {
      if (message.type === 'note') note?.(message.text);
      else if (message.type === 'report') resolve(message.report);
      else reject(new JobFailure(message.kind, message.text));
    });
    child.on('error', reject);
    // A promise keeps its first outcome: nothing happens here where an answer has come.
    child.on('exit', (code, by) => {
      signal?.removeEventListener('abort', abort);
      reject(
        new JobFailure('broken', `the measuring process ended early (${by ?? code}): ${errors.join('').slice(-2000)}`),
      );
    });
    if (signal?.aborted === true) abort();
    else child.send(job);
  });
}

import { messageOf } from './errors.js';
import { workerPlaces, type WorkerPlaces } from './kernel-memory.js';
import type { Reply, Request } from './messages.js';
import type { Platform, Thread } from './platform.js';

/** A place for a worker: empty, or with one that is answering or idle. It is filled when it is needed. */
export interface WorkerSlot {
  /** Sees to it that a worker is there, with its plugins; their names, or what went wrong. */
  readonly ready: () => Promise<Reply>;
  /** One question, one reply; the next question waits for nobody, so ask one at a time. */
  readonly ask: (request: Request, transfer?: readonly ArrayBufferLike[]) => Promise<Reply>;
  /** Ends the worker, then rejects with the reason what it was asked. */
  readonly stop: (reason: unknown) => Promise<void>;
  /** Whether the worker there had this loss last; remembers that it has it now. */
  readonly hasLoss: (loss: object) => boolean;
  /** Where the worker there computes in memory of the kernels. */
  readonly places: WorkerPlaces;
}

interface Tenant {
  readonly thread: Thread;
  readonly names: Promise<Reply>;
  loss?: object;
}

interface Question {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (reason: unknown) => void;
}

/** Makes an empty place. */
export function workerSlot(platform: Platform, module: string | undefined, plugins: readonly string[]): WorkerSlot {
  let tenant: Tenant | undefined;
  let thread: Thread | undefined;
  let question: Question | undefined;
  let lastReason: unknown;
  const places = workerPlaces();

  const ask: WorkerSlot['ask'] = (request, transfer = []) =>
    new Promise((resolve, reject) => {
      if (thread === undefined) {
        // The reason is that of an abort, of a close, or the worker's own death.
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
        reject(lastReason);
        return;
      }
      thread.post(request, transfer);
      thread.keepAlive(true);
      question = { resolve, reject };
    });

  const takeQuestion = (): Question | undefined => {
    const taken = question;
    question = undefined;
    return taken;
  };

  const leave = (reason: unknown): Thread | undefined => {
    const left = thread;
    tenant = undefined;
    thread = undefined;
    lastReason = reason;
    return left;
  };

  const start = (): Thread => {
    const started = platform.start(module, {
      message: (reply) => {
        if (started !== thread) return;
        started.keepAlive(false);
        // What it could not take apart or make, it does not keep.
        if ((reply as Reply).kind === 'failed') delete tenant?.loss;
        takeQuestion()?.resolve(reply as Reply);
      },
      death: (what) => {
        if (started !== thread) return;
        const reason = deathOf(what);
        void leave(reason)?.stop();
        takeQuestion()?.reject(reason);
      },
    });
    return started;
  };

  return {
    ready: () => {
      if (tenant === undefined) {
        thread = start();
        tenant = { thread, names: ask({ kind: 'start', plugins }) };
      }
      return tenant.names;
    },
    ask,
    places,
    stop: async (reason) => {
      const asked = takeQuestion();
      await leave(reason)?.stop();
      places.giveBack();
      asked?.reject(reason);
    },
    hasLoss: (loss) => {
      if (tenant?.loss === loss) return true;
      if (tenant !== undefined) tenant.loss = loss;
      return false;
    },
  };
}

function deathOf(what: string): Error {
  const message = messageOf({
    of: 'pool',
    argument: 'worker',
    requirement: 'a worker that lives until it has answered',
    got: what,
    fix: 'the next call starts a new one',
  });
  return new Error(message);
}

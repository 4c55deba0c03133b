/** Workers of Node and of browsers behind one interface. Both are described structurally: no library need know them. */
import { importNode } from './import-node.js';

/** A running worker. */
export interface Thread {
  readonly post: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  /** Ends it; resolves when it has ended, as far as the platform tells. */
  readonly stop: () => Promise<void>;
  /** Whether the process waits for it; browsers have no such thing. */
  readonly keepAlive: (keep: boolean) => void;
}

/** What the pool wants to hear of a worker. */
export interface Listener {
  readonly message: (message: unknown) => void;
  /** It has died, or said something that cannot be read. */
  readonly death: (what: string) => void;
}

/** What a platform offers. */
export interface Platform {
  /** How many threads the machine runs at once. */
  readonly parallelism: number;
  /** Starts a worker from this package's module, or from another place where a bundler has put it. */
  readonly start: (module: string | undefined, listener: Listener) => Thread;
}

interface Address {
  readonly href: string;
}

interface NodeWorker {
  readonly on: (event: string, listener: (value: unknown) => void) => void;
  readonly postMessage: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  readonly terminate: () => Promise<number>;
  readonly ref: () => void;
  readonly unref: () => void;
}

interface WebWorker {
  readonly addEventListener: (event: string, listener: (event: WebEvent) => void) => void;
  readonly postMessage: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  readonly terminate: () => void;
}

interface WebEvent {
  readonly data?: unknown;
  readonly message?: string;
  readonly preventDefault: () => void;
}

declare const URL: new (url: string, base?: string) => Address;
declare const Worker: (new (url: Address, options: { readonly type: 'module' }) => WebWorker) | undefined;

/** The platform that this code runs on. */
export async function findPlatform(): Promise<Platform> {
  if (typeof Worker === 'function') {
    const { navigator } = globalThis as { readonly navigator?: { readonly hardwareConcurrency?: number } };
    return { parallelism: navigator?.hardwareConcurrency ?? 1, start: startWeb };
  }
  const [threads, os] = await Promise.all([
    importNode<{ readonly Worker: new (url: Address) => NodeWorker }>('worker_threads'),
    importNode<{ readonly availableParallelism: () => number }>('os'),
  ]);
  const start = startNode((address) => new threads.Worker(address));
  return { parallelism: os.availableParallelism(), start };
}

function startWeb(module: string | undefined, { message, death }: Listener): Thread {
  if (Worker === undefined) throw new TypeError('Worker is gone');
  // Bundlers know this very form and put the module beside the bundle.
  const worker =
    module === undefined
      ? new Worker(new URL('./worker.js', (import.meta as unknown as { readonly url: string }).url), { type: 'module' })
      : new Worker(new URL(module), { type: 'module' });
  worker.addEventListener('message', ({ data }) => message(data));
  worker.addEventListener('messageerror', () => death('a message that cannot be read'));
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    death(event.message ?? 'a module that cannot be loaded');
  });
  return {
    post: (data, transfer) => worker.postMessage(data, transfer),
    stop: () => {
      worker.terminate();
      return Promise.resolve();
    },
    keepAlive: () => undefined,
  };
}

function startNode(create: (address: Address) => NodeWorker): Platform['start'] {
  return (module, { message, death }) => {
    const base = (import.meta as unknown as { readonly url: string }).url;
    const worker = create(module === undefined ? new URL('./worker.js', base) : new URL(module));
    worker.on('message', message);
    worker.on('messageerror', () => death('a message that cannot be read'));
    worker.on('error', (error) => death(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => death(`exit code ${String(code)}`));
    return {
      post: (data, transfer) => worker.postMessage(data, transfer),
      stop: () => worker.terminate().then(() => undefined),
      keepAlive: (keep) => (keep ? worker.ref() : worker.unref()),
    };
  };
}

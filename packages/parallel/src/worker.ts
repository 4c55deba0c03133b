/** The program of a worker: answers the pool that started it. */
import { importNode } from './import-node.js';
import type { Request } from './messages.js';
import { serve } from './serve.js';

interface WebScope {
  readonly postMessage?: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  readonly addEventListener: (event: 'message', listener: (event: { readonly data: unknown }) => void) => void;
}

interface NodePort {
  readonly postMessage: (message: unknown, transfer: readonly ArrayBufferLike[]) => void;
  readonly on: (event: 'message', listener: (message: unknown) => void) => void;
}

const scope = globalThis as unknown as WebScope;

// A browser delivers messages as soon as this module has run: no waiting before the listener is there.
if (scope.postMessage !== undefined) listenToPage(scope, scope.postMessage.bind(scope));
else void listenToParent();

function listenToPage({ addEventListener }: WebScope, post: NonNullable<WebScope['postMessage']>): void {
  const handle = serve(post);
  addEventListener('message', ({ data }) => void handle(data as Request));
}

/** Node keeps messages until someone listens. */
async function listenToParent(): Promise<void> {
  const { parentPort } = await importNode<{ readonly parentPort: NodePort | null }>('worker_threads');
  if (parentPort === null) return;
  const handle = serve((reply, transfer) => parentPort.postMessage(reply, transfer));
  parentPort.on('message', (message) => void handle(message as Request));
}

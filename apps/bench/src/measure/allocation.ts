import type { Timed } from './pace.js';

/** Calls between two looks at the heap; few, so that no collection happens meanwhile. */
const CALLS = 4;
const TRIES = 5;

/**
 * Bytes that a call allocates, on the heap of JavaScript and in array buffers: the least of a few tries, since what else
 * the process does can only add to it. The looks themselves allocate; that is taken off.
 */
export async function measureAllocation(timed: Timed, collectGarbage: () => void): Promise<number> {
  const grown: number[] = [];
  for (let attempt = 0; attempt < TRIES; attempt++) {
    collectGarbage();
    const [first, second] = [allocated(), allocated()];
    await timed.time(CALLS);
    const bytes = allocated() - second - (second - first);
    if (bytes >= 0) grown.push(bytes / CALLS);
  }
  return grown.length === 0 ? 0 : Math.round(Math.min(...grown));
}

function allocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

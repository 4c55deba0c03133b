/** A measuring process: takes one job over IPC, answers with its report, and ends. See `protocol.ts`. */
import { measureJob, WrongOutput } from './measure-job.js';
import type { Job, Message } from './protocol.js';

const gc = (globalThis as { readonly gc?: (options: { readonly type: 'minor' }) => void }).gc;
/** The young generation only: collecting all of it also throws away what was compiled. */
const collectGarbage = (): void => gc?.({ type: 'minor' });

process.once('message', (job: Job) => void answer(job));

async function answer(job: Job): Promise<void> {
  if (gc === undefined) throw new Error('a measuring process expected node --expose-gc');
  try {
    const note = (text: string): void => void process.send?.({ type: 'note', text } satisfies Message);
    await last({ type: 'report', report: await measureJob(job, { note, collectGarbage }) });
  } catch (error) {
    const kind = error instanceof WrongOutput ? 'wrong' : 'broken';
    await last({ type: 'failure', kind, text: kind === 'wrong' ? (error as Error).message : textOf(error) });
  }
}

/** Ends only when the message is through. */
function last(message: Message): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => {
      process.disconnect();
      resolve();
    });
  });
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** A program beside this one that answers line by line. */
export interface LineProcess {
  /** The next line it writes; rejects with what it wrote to its standard error where it ends instead. */
  readonly next: () => Promise<string>;
  readonly send: (line: string) => void;
  readonly end: () => void;
}

/** Starts a program that is spoken to in lines. */
export function startLineProcess(command: string, args: readonly string[]): LineProcess {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  const ended = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('close', () => reject(new Error(errors.join('').trim() || `${command} ended`)));
  });
  // Nobody may be waiting when it ends, which is as it should be.
  ended.catch(() => undefined);
  child.stderr.on('data', (chunk) => errors.push(String(chunk)));
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { done, value } = await lines.next();
    return done === true ? await ended : value;
  };
  return {
    next: () => Promise.race([nextLine(), ended]),
    send: (line) => child.stdin.write(`${line}\n`),
    end: () => void child.kill(),
  };
}

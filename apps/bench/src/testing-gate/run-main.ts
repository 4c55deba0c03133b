import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a program ended with and said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs a program of Node in a folder, as a shell does. */
export async function runMain(
  main: string,
  args: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, error]: [string[], string[]] = [[], []];
  child.stdout.on('data', (text) => out.push(String(text)));
  child.stderr.on('data', (text) => error.push(String(text)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: out.join(''), error: error.join('') };
}

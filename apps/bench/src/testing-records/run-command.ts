import { runCommandLine } from '../cli.js';
import { registry } from '../registry.js';

/** Runs the command line as a test does: what it printed, and how it ended. */
export async function runCommand(...args: readonly string[]): Promise<{ code: number; out: string; error: string }> {
  const out: string[] = [];
  const error: string[] = [];
  const write = { out: (text: string) => void out.push(text), error: (text: string) => void error.push(text) };
  const code = await runCommandLine(args, registry.plugins, write);
  return { code, out: out.join('\n'), error: error.join('\n') };
}

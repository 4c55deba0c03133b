import { spawn } from 'node:child_process';
import { HistoryError } from './history-error.js';

/** Runs git in one repository and returns what it prints, without the last line break. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<string>;

export interface GitOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `latin1` keeps bytes as they are. */
  readonly encoding?: 'utf8' | 'latin1';
}

/** Git failed; `stderr` is what it said. */
export class GitError extends HistoryError {
  readonly stderr: string;
  constructor(args: readonly string[], stderr: string) {
    super(`git ${args.join(' ')} failed: ${stderr.trim() || 'it said nothing'}`);
    this.stderr = stderr;
  }
}

/** Git in a repository. What it writes is on the disk when it ends. */
export function gitIn(repository: string): Git {
  return (args, { input = '', environment = {}, encoding = 'utf8' } = {}) =>
    new Promise((resolve, reject) => {
      const env = { ...callersEnvironment(), ...environment };
      const child = spawn('git', ['-c', 'core.fsync=all', ...args], { cwd: repository, env, stdio: 'pipe' });
      const out: Buffer[] = [];
      const said: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => out.push(part));
      child.stderr.on('data', (part: Buffer) => said.push(part));
      child.stdin.on('error', () => undefined); // Git that has failed reads no further; its exit code says so.
      child.on('error', () => reject(new HistoryError(`git cannot be run in "${repository}"`)));
      child.on('close', (code) => {
        if (code === 0) resolve(Buffer.concat(out).toString(encoding).replace(/\n$/, ''));
        else reject(new GitError(args, Buffer.concat(said).toString('utf8')));
      });
      child.stdin.end(input);
    });
}

/** The caller's, but for what a hook of git says of its own repository. Git asks nobody for a password, and speaks English. */
function callersEnvironment(): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !OF_HOOKS.has(name));
  return { ...Object.fromEntries(others), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' };
}

const OF_HOOKS = new Set(['GIT_DIR', 'GIT_INDEX_FILE', 'GIT_WORK_TREE']);

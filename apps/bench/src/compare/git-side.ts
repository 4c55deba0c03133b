import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Commit } from '../records/run-record.js';
import { NoBuild } from './modules-of-build.js';

const run = promisify(execFile);

/** A git ref built in a worktree of its own. */
export interface GitBuild {
  readonly folder: string;
  readonly commit: Commit;
  readonly remove: () => Promise<void>;
}

/**
 * Checks out a ref of the repository in the current folder into a temporary worktree, installs and builds it there: with
 * pnpm, or by a command of a shell.
 */
export async function buildRef(ref: string, note: (text: string) => void, prepare?: string): Promise<GitBuild> {
  const id = await commitOf(ref);
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-ref-'));
  const remove = async (): Promise<void> => {
    await run('git', ['worktree', 'remove', '--force', folder]).catch(() => undefined);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    note(`check out ${ref}`);
    await run('git', ['worktree', 'add', '--detach', folder, id]);
    note(`install and build ${ref}`);
    await build(ref, folder, prepare);
    return { folder, commit: { id, dirty: false, branch: ref }, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function build(ref: string, folder: string, prepare: string | undefined): Promise<void> {
  try {
    if (prepare === undefined) await buildByPnpm(folder);
    else await run(prepare, { cwd: folder, shell: true, maxBuffer: 2 ** 26 });
  } catch (error) {
    const {
      message,
      stdout = '',
      stderr = '',
    } = error as Error & { readonly stdout?: string; readonly stderr?: string };
    // What was said last says why; pnpm says it on the standard output.
    const said = `${message}\n${stdout}\n${stderr}`.trim().split('\n').slice(-LAST_LINES).join('\n');
    throw new NoBuild(`'${ref}' cannot be built: ${said}`, { cause: error });
  }
}

const LAST_LINES = 20;

async function buildByPnpm(folder: string): Promise<void> {
  const { packageManager = 'pnpm@10' } = (
    (await import(join(folder, 'package.json'), { with: { type: 'json' } })) as {
      default: { packageManager?: string };
    }
  ).default;
  for (const args of [['install', '--frozen-lockfile', '--prefer-offline'], ['build']])
    await run('npx', ['--yes', packageManager, ...args], { cwd: folder, maxBuffer: 2 ** 26 });
}

/** The commit that a ref names; undefined where it names none. */
export async function commitOf(ref: string): Promise<string> {
  const { stdout } = await run('git', ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  return stdout.trim();
}

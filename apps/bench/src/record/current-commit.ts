import { execFileSync } from 'node:child_process';
import type { Commit } from '../records/run-record.js';

/** The commit of the repository around a folder; undefined where there is none. */
export function currentCommit(folder: string = process.cwd()): Commit | undefined {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const [id = '', time = '', subject = ''] = git('log', '-1', '--format=%H%n%cI%n%s').split('\n');
    const branch = git('rev-parse', '--abbrev-ref', 'HEAD');
    const dirty = git('status', '--porcelain', '--untracked-files=no') !== '';
    return { id, dirty, time: new Date(time).toISOString(), subject, ...(branch !== 'HEAD' && { branch }) };
  } catch {
    return undefined;
  }
}

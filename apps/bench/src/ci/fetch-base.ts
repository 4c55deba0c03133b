import { existsSync } from 'node:fs';
import { gitIn } from '../history/git.js';

/** A base that is here already; a branch that is not is fetched, its last commit alone, and named by it. */
export async function fetchBase(base: string, remote: string): Promise<string> {
  if (existsSync(base)) return base;
  const git = gitIn('.');
  const known = await git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${base}^{commit}`]).catch(() => '');
  if (known !== '') return base;
  await git(['fetch', '--no-tags', '--depth=1', remote, base]);
  return git(['rev-parse', 'FETCH_HEAD']);
}

import type { Git } from './git.js';
import type { RunText } from './read-runs.js';

/** The texts of some files of a commit, by one call of git: `<hash> blob <bytes>`, a line break, the bytes, a line break. */
export async function readBlobs(git: Git, commit: string, paths: readonly string[]): Promise<readonly RunText[]> {
  if (paths.length === 0) return [];
  const input = paths.map((path) => `${commit}:${path}\n`).join('');
  const bytes = `${await git(['cat-file', '--batch'], { input, encoding: 'latin1' })}\n`;
  let at = 0;
  return paths.map((file) => {
    const start = bytes.indexOf('\n', at) + 1;
    const size = Number(bytes.slice(at, start).trim().split(' ').at(-1));
    at = start + size + 1;
    return { file, text: Buffer.from(bytes.slice(start, start + size), 'latin1').toString('utf8') };
  });
}

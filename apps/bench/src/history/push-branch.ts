import { ATTEMPTS, commitTree, moveBranch, tipOf, treeWith, type Branch } from './branch-store.js';
import { GitError, gitIn, type Git } from './git.js';
import { HistoryError } from './history-error.js';

/**
 * Brings a data branch and that of a remote together, and pushes. Both only ever gain files, so that the union of the two
 * is what both mean: never a conflict.
 *
 * @throws HistoryError where one path holds two different runs, or the remote refuses.
 */
export async function pushBranch({ repository, branch }: Branch, remote: string): Promise<void> {
  const git = gitIn(repository);
  for (let attempt = 1; ; attempt++) {
    await takeRemote({ repository, branch }, remote);
    try {
      await git(['push', '--quiet', remote, `refs/heads/${branch}:refs/heads/${branch}`]);
      return;
    } catch (error) {
      const movedMeanwhile =
        error instanceof GitError && /fetch first|non-fast-forward|cannot lock|failed to update ref/.test(error.stderr);
      if (!movedMeanwhile || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Takes over what the remote's branch has and ours has not. */
export async function takeRemote({ repository, branch }: Branch, remote: string): Promise<void> {
  const git = gitIn(repository);
  const theirs = await fetchTip(git, branch, remote);
  if (theirs === undefined) return;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const ours = await tipOf(git, `refs/heads/${branch}`);
    const joined = ours === undefined ? theirs : await join(git, ours, theirs);
    if (joined === ours || (await moveBranch(git, branch, joined, ours))) return;
  }
  throw new HistoryError(`${branch} moved ${ATTEMPTS} times while the runs of ${remote} were added to it`);
}

async function fetchTip(git: Git, branch: string, remote: string): Promise<string | undefined> {
  const listed = await git(['ls-remote', remote, `refs/heads/${branch}`]);
  if (listed === '') return undefined;
  await git(['fetch', '--quiet', '--no-tags', remote, `refs/heads/${branch}`]);
  return git(['rev-parse', 'FETCH_HEAD']);
}

async function join(git: Git, ours: string, theirs: string): Promise<string> {
  const base = await git(['merge-base', ours, theirs]).catch(() => ''); // Begun twice, they have none.
  if (base === theirs) return ours;
  if (base === ours) return theirs;
  const lines = await filesOf(git, ours);
  const others = new Map((await filesOf(git, theirs)).map((line) => [pathOf(line), line]));
  for (const line of lines) {
    const other = others.get(pathOf(line));
    if (other !== undefined && other !== line)
      throw new HistoryError(
        `${pathOf(line)} holds one run here and another at the remote; a published run is never rewritten`,
      );
  }
  const tree = await treeWith(git, theirs, lines);
  return commitTree(git, tree, [theirs, ours], 'Bring the runs of two sides together');
}

/** `<mode> blob <hash>\t<path>` of each file, which is what `update-index` reads. */
async function filesOf(git: Git, commit: string): Promise<readonly string[]> {
  const lines = await git(['ls-tree', '-r', commit]);
  return lines === '' ? [] : lines.split('\n');
}

function pathOf(line: string): string {
  return line.slice(line.indexOf('\t') + 1);
}

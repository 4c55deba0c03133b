import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { isRunFile, type Published } from './folder-store.js';
import { gitIn, type Git } from './git.js';
import { HistoryError } from './history-error.js';
import { readBlobs } from './read-blobs.js';
import { readRuns } from './read-runs.js';
import { runFile, RUNS, type History } from './run-file.js';

/** A branch of a repository that holds runs and nothing else; no work tree is touched. */
export interface Branch {
  readonly repository: string;
  readonly branch: string;
}

/**
 * Adds a run to a data branch by one commit, which is made where there is none. Git's own objects are immutable and its
 * reference moves in one step, so that a process that is ended leaves the branch as it was.
 *
 * @throws HistoryError where the branch holds another run under the same name, or git fails.
 */
export async function publishToBranch({ repository, branch }: Branch, record: RunRecord): Promise<Published> {
  const git = gitIn(repository);
  const text = writeRecord(record);
  const path = runFile(record);
  const file = `${branch}:${path}`;
  const blob = await git(['hash-object', '-w', '--stdin'], { input: text });
  for (let attempt = 1; ; attempt++) {
    const tip = await tipOf(git, `refs/heads/${branch}`);
    const there = tip === undefined ? '' : await git(['ls-tree', tip, path]);
    if (there.includes(blob)) return { file, outcome: 'already there' };
    if (there !== '') throw new HistoryError(`${file} holds another run already; a published run is never rewritten`);
    const tree = await treeWith(git, tip, [`100644 ${blob}\t${path}`]);
    const commit = await commitTree(git, tree, tip ? [tip] : [], `Add the run of ${record.time}`);
    if (await moveBranch(git, branch, commit, tip)) return { file, outcome: 'written' };
    if (attempt === ATTEMPTS) throw new HistoryError(`${branch} moved ${ATTEMPTS} times while a run was added to it`);
  }
}

/** Others publish at the same time; each of them moves the branch once. */
export const ATTEMPTS = 20;

/** Reads every run of a data branch. */
export async function readBranch({ repository, branch }: Branch): Promise<History> {
  const git = gitIn(repository);
  const tip = (await tipOf(git, `refs/heads/${branch}`)) ?? (await tipOf(git, `refs/remotes/${branch}`));
  if (tip === undefined) throw new HistoryError(`history: "${branch}" expected a branch of ${repository}, got none`);
  const paths = (await git(['ls-tree', '-r', '-z', '--name-only', tip, `${RUNS}/`])).split('\0').filter(isRunFile);
  return readRuns(await readBlobs(git, tip, paths));
}

/** The commit that a reference names; undefined where there is no such reference. */
export async function tipOf(git: Git, reference: string): Promise<string | undefined> {
  const line = await git(['for-each-ref', '--format=%(objectname)', reference]);
  return line === '' ? undefined : line;
}

/** A tree with all of a commit's files and those of some lines of `update-index --index-info`, by an index of its own. */
export async function treeWith(git: Git, tip: string | undefined, lines: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-index-'));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, 'index') };
    if (tip !== undefined) await git(['read-tree', tip], { environment });
    await git(['update-index', '--add', '--index-info'], { environment, input: `${lines.join('\n')}\n` });
    return await git(['write-tree'], { environment });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Commits a tree, under the caller's name where git knows it. */
export async function commitTree(git: Git, tree: string, parents: readonly string[], message: string): Promise<string> {
  const known = await git(['config', 'user.email']).catch(() => '');
  const name = { GIT_AUTHOR_NAME: NAME, GIT_COMMITTER_NAME: NAME, GIT_AUTHOR_EMAIL: EMAIL, GIT_COMMITTER_EMAIL: EMAIL };
  const environment = known === '' ? { ...name } : {};
  return git(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message], { environment });
}

const NAME = 'surprisal-bench';
const EMAIL = 'surprisal-bench@localhost';

/** Moves a branch to a commit if it still is where it was; false where another process was faster. */
export async function moveBranch(git: Git, branch: string, to: string, from: string | undefined): Promise<boolean> {
  try {
    await git([
      'update-ref',
      '-m',
      'surprisal-bench publish',
      `refs/heads/${branch}`,
      to,
      from ?? ABSENT.repeat(to.length),
    ]);
    return true;
  } catch (error) {
    if ((await tipOf(git, `refs/heads/${branch}`)) === from) throw error;
    return false;
  }
}

/** Git's name of no object is zeros, as many as its hashes have digits. */
const ABSENT = '0';

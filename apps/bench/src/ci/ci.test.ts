// What the workflow does, done here: a repository with a bare remote, real git, the real program, small choices.
import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { NO_BUDGETS } from '../budgets/budgets.js';
import { readBranch } from '../history/branch-store.js';
import { gitIn } from '../history/git.js';
import { readRecord } from '../records/record-text.js';
import { makeBuild, type MadeBuild } from '../testing-gate/make-build.js';
import { runMain, type Ended } from '../testing-gate/run-main.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';

/** Programs run for many seconds on a busy machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let build: MadeBuild;
beforeAll(async () => {
  build = await makeBuild();
});
afterAll(() => build.remove());

/** A repository with one commit, whose remote `origin` is a bare one with the same. */
async function repository(): Promise<{ readonly folder: string; readonly remote: string }> {
  const parent = await temporaryFolder();
  const [folder, remote] = [join(parent, 'work'), join(parent, 'remote.git')];
  await gitIn(parent)(['init', '--quiet', '--bare', '--initial-branch=main', remote]);
  await gitIn(parent)(['init', '--quiet', '--initial-branch=main', folder]);
  const git = gitIn(folder);
  await git(['config', 'user.name', 'Someone']);
  await git(['config', 'user.email', 'someone@example.com']);
  await git(['remote', 'add', 'origin', remote]);
  await writeFile(join(folder, 'readme.txt'), 'one\n');
  await git(['add', '.']);
  await git(['commit', '--quiet', '--message', 'One']);
  await git(['push', '--quiet', 'origin', 'main']);
  return { folder, remote };
}

/** The committed ones are another test's matter. */
async function noBudgets(folder: string): Promise<string> {
  const file = join(folder, 'no-budgets.json');
  await writeFile(file, JSON.stringify(NO_BUDGETS));
  return file;
}

function ci(folder: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
  const nobody = { GITHUB_STEP_SUMMARY: '', BENCH_BASE: '', BENCH_PLUGINS: '', BENCH_PREPARE: '', BENCH_BUDGETS: '' };
  return runMain(build.main, ['ci'], folder, { ...nobody, ...environment });
}

describe('on a push', () => {
  test('a run is published to the data branch of the remote, twice if it is made twice, and the page shows it', async () => {
    const { folder, remote } = await repository();
    const summary = join(folder, 'summary.md');
    const environment = {
      GITHUB_EVENT_NAME: 'push',
      GITHUB_STEP_SUMMARY: summary,
      BENCH_ONLY: 'binaryCrossEntropy, elements, float64',
      BENCH_EFFORT: 'quick',
      BENCH_BUDGETS: await noBudgets(folder),
    };
    expect(await ci(folder, environment)).toMatchObject({ code: 0 });
    expect(await ci(folder, environment)).toMatchObject({ code: 0 });
    const { runs, skipped } = await readBranch({ repository: remote, branch: 'bench-data' });
    expect(skipped).toEqual([]);
    const head = await gitIn(folder)(['rev-parse', 'HEAD']);
    expect(runs.map(({ record: { commit, accuracy } }) => [commit?.id, accuracy.length > 0])).toEqual([
      [head, true],
      [head, true],
    ]);
    expect(await readFile(join(folder, 'bench-out/index.html'), 'utf8')).toContain('binaryCrossEntropy');
    expect((await readFile(summary, 'utf8')).match(/^## ✅ All outputs are right/gm)).toHaveLength(2);
    // The branches of the code are as they were.
    expect(await gitIn(remote)(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/bench-data\nrefs/heads/main');
    expect(await gitIn(folder)(['rev-parse', '--abbrev-ref', 'HEAD'])).toBe('main');
  });
});

describe('on a pull request', () => {
  test('without a base all but times is checked, with a summary and a record; nothing is published', async () => {
    const { folder, remote } = await repository();
    const summary = join(folder, 'summary.md');
    const { code, out, error } = await ci(folder, {
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_STEP_SUMMARY: summary,
      BENCH_BUILD: build.folder,
      BENCH_ONLY: 'binaryCrossEntropy, elements, float64',
    });
    expect(error).toContain('no base was given: times are not looked at');
    expect(out).toContain('Time: not looked at');
    expect(code).toBe(0);
    const record = readRecord(await readFile(join(folder, 'bench-out/record.json'), 'utf8'), 'record');
    expect(new Set(record.accuracy.map(({ axes }) => axes.dtype))).toEqual(new Set(['float64']));
    expect(await readFile(summary, 'utf8')).toMatch(/^## /);
    expect(await gitIn(remote)(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main');
  });

  test('a base that is on the remote alone is fetched, built by the command given, and compared with', async () => {
    const { folder, remote } = await repository();
    const shallow = `${folder}-shallow`;
    await gitIn(folder)(['checkout', '--quiet', '-b', 'proposal']);
    await gitIn(folder)(['push', '--quiet', 'origin', 'proposal']);
    const clone = [
      'clone',
      '--quiet',
      '--depth=1',
      '--single-branch',
      '--branch',
      'proposal',
      `file://${remote}`,
      shallow,
    ];
    await gitIn(folder)(clone);
    const { code, error } = await ci(shallow, {
      GITHUB_EVENT_NAME: 'pull_request',
      BENCH_BASE: 'main',
      BENCH_BUILD: build.folder,
      BENCH_ONLY: '@surprisal/regularization',
      // Its budget is of compiled packages, and this build is of another compiler.
      BENCH_BUDGETS: await noBudgets(shallow),
      // What a project would do with its package manager.
      BENCH_PREPARE: `test "$(cat readme.txt)" = one && ln -s "${build.folder}/node_modules" node_modules`,
    });
    expect(error).toBe('');
    expect(code).toBe(0);
    const record = readRecord(await readFile(join(shallow, 'bench-out/record.json'), 'utf8'), 'record');
    expect(record.compare?.base.commit?.id).toBe(await gitIn(remote)(['rev-parse', 'main']));
    // The worktree of the base is gone.
    expect((await gitIn(shallow)(['worktree', 'list'])).split('\n')).toHaveLength(1);
    await rm(shallow, { recursive: true });
  });

  test('a base that is nowhere: what git says, exit 2', async () => {
    const { folder } = await repository();
    const { code, error } = await ci(folder, { GITHUB_EVENT_NAME: 'pull_request', BENCH_BASE: 'no-such-branch' });
    expect(error).toMatch(/^error: git fetch --no-tags --depth=1 origin no-such-branch failed: /);
    expect(code).toBe(2);
    expect(await readdir(join(folder, 'bench-out'))).toEqual([]);
  });
});

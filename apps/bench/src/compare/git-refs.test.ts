// Git refs as sides: a small repository, real git, the real program, builds that take no time.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryCrossEntropy } from '@surprisal/binary';
import { lossId } from '@surprisal/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gitIn } from '../history/git.js';
import { readRecord, writeRecord } from '../records/record-text.js';
import { makeBuild, type MadeBuild } from '../testing-gate/make-build.js';
import { runMain, type Ended } from '../testing-gate/run-main.js';
import { exampleRecord } from '../testing-records/example-record.js';

/** Programs run for many seconds on a busy machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let build: MadeBuild;
/** A repository of two commits: the file says which. */
let folder = '';

beforeAll(async () => {
  build = await makeBuild();
  folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-test-'));
  const git = gitIn(folder);
  await git(['init', '--quiet', '--initial-branch=main']);
  await git(['config', 'user.name', 'Someone']);
  await git(['config', 'user.email', 'someone@example.com']);
  for (const [text, tag] of [
    ['one', 'first'],
    ['two', 'second'],
  ] as const) {
    await writeFile(join(folder, 'which.txt'), text);
    await git(['add', '.']);
    await git(['commit', '--quiet', '--message', text]);
    await git(['tag', tag]);
  }
});
afterAll(() => Promise.all([build.remove(), rm(folder, { recursive: true, force: true })]));

const compare = (...args: readonly string[]): Promise<Ended> => runMain(build.main, ['compare', ...args], folder);

/** As a build would: it needs what the commit holds. */
const prepareFor = (text: string): string =>
  `grep -qE '${text}' which.txt && cp which.txt '${folder}/built-'"$(cat which.txt)" && ln -s '${build.folder}/node_modules' node_modules`;

async function expectNothingLeft(): Promise<void> {
  expect((await gitIn(folder)(['worktree', 'list'])).split('\n')).toHaveLength(1);
  expect(await gitIn(folder)(['status', '--porcelain', '--untracked-files=no'])).toBe('');
  expect(await gitIn(folder)(['rev-parse', '--abbrev-ref', 'HEAD'])).toBe('main');
}

describe('two git refs', () => {
  test('are built, each as it was, and compared; the record names both commits, and their worktrees are gone', async () => {
    const row = `${lossId(binaryCrossEntropy())}/value-and-gradient/float32/16384x1/normal/surprisal:typescript`;
    const few = ['--only', row, '--processes', '2', '--json'];
    const { code, out, error } = await compare('first', 'HEAD', '--prepare', prepareFor('one|two'), ...few);
    expect(error).toBe('');
    // Equal builds are the same, or noise hides what they are.
    expect([0, 3]).toContain(code);
    const { compare: found } = readRecord(out, 'standard output');
    const idOf = (ref: string): Promise<string> => gitIn(folder)(['rev-parse', ref]);
    expect(found?.base).toEqual({ label: 'first', commit: { id: await idOf('first'), dirty: false, branch: 'first' } });
    expect(found?.head).toEqual({ label: 'HEAD', commit: { id: await idOf('main'), dirty: false, branch: 'HEAD' } });
    expect(found?.rows.map(({ id }) => id)).toEqual([row]);
    expect(await gitIn(folder)(['ls-files', '--others'])).toBe('built-one\nbuilt-two');
    await expectNothingLeft();
  });

  test('of which one cannot be built: what its build said, exit 2, and nothing is left of either', async () => {
    const { code, error } = await compare(
      'first',
      'second',
      '--prepare',
      `${prepareFor('one')} || (echo it broke >&2; exit 3)`,
    );
    expect(error).toMatch(/^error: 'second' cannot be built: [^]*it broke\n/);
    expect(code).toBe(2);
    await expectNothingLeft();
  });

  test('whose builds hold no packages: what was expected, exit 2', async () => {
    const { code, error } = await compare('first', 'second', '--prepare', 'true');
    expect(error).toMatch(
      /^error: '.*' expected a checkout with compiled packages or a folder with @surprisal\/\* installed\n/,
    );
    expect(code).toBe(2);
    await expectNothingLeft();
  });
});

describe('sides that cannot be compared', () => {
  test.each([
    [['first', 'no-such-ref'], "error: 'no-such-ref' expected a folder with a build, a record, or a git ref\n"],
    [['record.json', '.'], 'error: a record is compared with a record only\n'],
    [['record.json', 'empty.json'], 'error: the two sides have no row in common\n'],
    [
      ['.', '.', '--only', 'no such loss'],
      "error: option '--only <text>': no row of both sides holds 'no such loss'\n",
    ],
  ])('%j: a clear error, exit 2', async (args, message) => {
    await writeFile(join(folder, 'record.json'), writeRecord(exampleRecord));
    await writeFile(join(folder, 'empty.json'), writeRecord({ ...exampleRecord, benchmarks: [] }));
    const inPlace = args.map((arg) => (arg === '.' ? build.folder : arg));
    const { code, error } = await compare(...inPlace, '--prepare', prepareFor('one|two'));
    expect(error).toBe(message);
    expect(code).toBe(2);
    await expectNothingLeft();
  });
});

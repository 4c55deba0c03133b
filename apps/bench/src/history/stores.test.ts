import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RecordError } from '../records/record-error.js';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { publishToBranch, readBranch } from './branch-store.js';
import { publishToFolder, readFolder } from './folder-store.js';
import { gitIn } from './git.js';
import { HistoryError } from './history-error.js';
import { publishTo } from './place.js';
import { runFile } from './run-file.js';

const run = promisify(execFile);

const FILE = 'runs/2026/20261124T203158.123Z_518fc2c0d1e2_linux-x64-6c1c0e2f.json';

function at(time: string, rest: Partial<RunRecord> = {}): RunRecord {
  return { ...exampleRecord, time, ...rest };
}

const days = [1, 2, 3, 4].map((day) => at(`2026-11-0${day}T00:00:00Z`));

describe('a run is named', () => {
  test('by its time, commit and class of machine', () => {
    expect(runFile(exampleRecord).replace(/[0-9a-f]{8}\.json$/, '')).toBe(FILE.replace(/[0-9a-f]{8}\.json$/, ''));
  });

  test('otherwise on another machine, for another commit, with changes', () => {
    const { machine, commit } = exampleRecord;
    const others = [
      at(exampleRecord.time, { machine: { ...machine, cores: 4 } }),
      at(exampleRecord.time, { commit: { ...commit, id: 'abcdef0123', dirty: false } }),
      at(exampleRecord.time, { commit: { id: commit?.id ?? '', dirty: true } }),
    ];
    expect(new Set([exampleRecord, ...others].map(runFile)).size).toBe(4);
  });

  test('without a character that a path could be changed by', () => {
    const name = runFile(
      at(exampleRecord.time, { machine: { ...exampleRecord.machine, os: '../..', arch: 'a/b\\c' } }),
    );
    expect(name).toMatch(/^runs\/2026\/[\w.-]+\.json$/);
    expect(name).not.toContain('..');
  });
});

describe('a data folder', () => {
  test('holds every run published, in the order of time', async () => {
    const folder = join(await temporaryFolder(), 'new/data');
    for (const day of [2, 0, 1]) await publishToFolder(folder, days[day]);
    const { runs, skipped } = await readFolder(folder);
    expect(runs.map(({ record }) => record)).toEqual(days.slice(0, 3));
    expect(skipped).toEqual([]);
  });

  test('takes the same run again as there already, and refuses another under its name', async () => {
    const folder = await temporaryFolder();
    const { file } = await publishToFolder(folder, exampleRecord);
    expect((await publishToFolder(folder, exampleRecord)).outcome).toBe('already there');
    const other = at(exampleRecord.time, { peers: [] });
    await expect(publishToFolder(folder, other)).rejects.toThrow(
      new HistoryError(`${file} holds another run already; a published run is never rewritten`),
    );
    expect(await readFile(file, 'utf8')).toBe(writeRecord(exampleRecord));
    expect(await readdir(join(folder, 'runs/2026'))).toHaveLength(1);
  });

  test('is not touched by a record that cannot be read back', async () => {
    const folder = await temporaryFolder();
    const twice = at(exampleRecord.time, { benchmarks: [exampleRecord.benchmarks[0], exampleRecord.benchmarks[0]] });
    await expect(publishToFolder(folder, twice)).rejects.toThrow(RecordError);
    expect(await readdir(folder)).toEqual([]);
  });

  test('is read past files that are no records, which are named with the reason', async () => {
    const folder = await temporaryFolder();
    await publishToFolder(folder, exampleRecord);
    const text = writeRecord(exampleRecord);
    const put = (name: string, content: string): Promise<void> => writeFile(join(folder, 'runs', name), content);
    await put('half.json', text.slice(0, 1000));
    await put('empty.json', '');
    await put('newer.json', text.replace('run@1', 'run@7'));
    await put('null.json', text.replace('"value": 1.92', '"value": null'));
    await put('notes.txt', 'not a run');
    const { runs, skipped } = await readFolder(folder);
    expect(runs).toHaveLength(1);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      'runs/empty.json expected a run record, got an empty file',
      expect.stringMatching(
        /^runs\/half\.json expected JSON, got text that is none: .*\. It may not have been written to its end$/,
      ),
      'runs/newer.json: "schema" expected "surprisal-bench/run@1", got "surprisal-bench/run@7". Another version of @surprisal/bench reads it.',
      'runs/null.json: "benchmarks[0].metrics[0].value" expected a number, "NaN", "Infinity" or "-Infinity", got null',
    ]);
  });

  test('must be there to be read', async () => {
    const folder = join(await temporaryFolder(), 'none');
    await expect(readFolder(folder)).rejects.toThrow(
      new HistoryError(`history: "${folder}" expected a data folder, got nothing there`),
    );
  });
});

const isRoot = process.getuid?.() === 0;

describe('a disk', () => {
  test('that is full: a clear error, and the history as it was', async ({ skip }) => {
    const folder = await temporaryFolder();
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', folder]).catch(() => undefined);
    if (mounted === undefined) skip('a small disk cannot be mounted here');
    onTestFinished(async () => {
      await run('umount', [folder]);
    });
    await publishToFolder(folder, days[0]);
    await publishToFolder(folder, days[1]);
    const large = { ...days[2], curves: Array.from({ length: 200 }, () => exampleRecord.curves[0]) };
    const file = join(folder, runFile(large));
    await expect(publishToFolder(folder, large)).rejects.toThrow(
      new HistoryError(`${file} cannot be written: the disk is full. Nothing was changed; make room and publish again`),
    );
    const { runs, skipped } = await readFolder(folder);
    expect(runs.map(({ record }) => record)).toEqual(days.slice(0, 2));
    expect(skipped).toEqual([]);
  });

  test.skipIf(isRoot)('that may not be written: a clear error (not for root, who may)', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'runs'));
    await chmod(join(folder, 'runs'), 0o500);
    await expect(publishToFolder(folder, exampleRecord)).rejects.toThrow(/ cannot be written: no permission/);
  });

  test('on which a part of the path is a file: a clear error', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'runs'), '');
    await expect(publishToFolder(folder, exampleRecord)).rejects.toThrow(
      new HistoryError(`${join(folder, runFile(exampleRecord))} cannot be written: a part of its path is not a folder`),
    );
  });
});

describe('a data branch', () => {
  async function repository(name = 'a'): Promise<string> {
    const folder = join(await temporaryFolder(), name);
    await run('git', ['init', '--quiet', folder]);
    return folder;
  }

  test('holds every run published, and leaves work tree, index and other branches alone', async () => {
    const folder = await repository();
    const git = gitIn(folder);
    await writeFile(join(folder, 'staged.txt'), 'staged');
    await git(['add', 'staged.txt']);
    await writeFile(join(folder, 'loose.txt'), 'loose');
    const status = await git(['status', '--porcelain=v2', '--branch']);
    for (const day of [2, 0, 1]) await publishToBranch({ repository: folder, branch: 'bench' }, days[day]);
    const { runs } = await readBranch({ repository: folder, branch: 'bench' });
    expect(runs.map(({ record }) => record)).toEqual(days.slice(0, 3));
    expect(await git(['status', '--porcelain=v2', '--branch'])).toBe(status);
    expect(await git(['rev-list', '--count', 'bench'])).toBe('3');
    expect(await git(['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/bench');
  });

  test('takes the same run again as there already, and refuses another under its name', async () => {
    const place = { repository: await repository(), branch: 'bench' };
    const { file } = await publishToBranch(place, exampleRecord);
    expect((await publishToBranch(place, exampleRecord)).outcome).toBe('already there');
    await expect(publishToBranch(place, at(exampleRecord.time, { peers: [] }))).rejects.toThrow(
      new HistoryError(`${file} holds another run already; a published run is never rewritten`),
    );
    expect((await readBranch(place)).runs).toHaveLength(1);
  });

  test('keeps the runs of all who publish at the same time', async () => {
    const place = { repository: await repository(), branch: 'bench' };
    await Promise.all(days.map((day) => publishToBranch(place, day)));
    expect((await readBranch(place)).runs.map(({ record }) => record)).toEqual(days);
  });

  test('is pushed to a bare remote, together with what others pushed there', async () => {
    const bare = await repository('bare.git');
    await run('git', ['init', '--quiet', '--bare', bare]);
    const places = [await repository('one'), await repository('two')].map((folder) => ({
      ...{ repository: folder, branch: 'bench' },
    }));
    // Both begin without the other's runs, one of them with a run that was never pushed.
    await publishToBranch(places[1], days[0]);
    await publishTo(places[0], days[1], bare);
    await publishTo(places[1], days[2], bare);
    await publishTo(places[0], days[3], bare);
    const { runs } = await readBranch({ repository: bare, branch: 'bench' });
    expect(runs.map(({ record }) => record)).toEqual(days);
    await gitIn(bare)(['fsck', '--strict']);
  });

  test('keeps the runs of all who push at the same time', async () => {
    const bare = await repository('bare.git');
    await run('git', ['init', '--quiet', '--bare', bare]);
    const folders = await Promise.all(days.map((_, index) => repository(`clone-${index}`)));
    await Promise.all(days.map((day, index) => publishTo({ repository: folders[index], branch: 'bench' }, day, bare)));
    expect((await readBranch({ repository: bare, branch: 'bench' })).runs.map(({ record }) => record)).toEqual(days);
  });

  test('says what git says where a remote cannot be reached, and keeps the run', async () => {
    const place = { repository: await repository(), branch: 'bench' };
    await expect(publishTo(place, exampleRecord, '/nowhere.git')).rejects.toThrow(/^git ls-remote .*\/nowhere\.git/);
  });

  test('must be there to be read', async () => {
    const folder = await repository();
    await expect(readBranch({ repository: folder, branch: 'bench' })).rejects.toThrow(
      new HistoryError(`history: "bench" expected a branch of ${folder}, got none`),
    );
  });
});

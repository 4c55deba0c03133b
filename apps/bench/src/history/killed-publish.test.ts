// Processes that are really ended in the middle of a publish: the history stays whole.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { bundleProgram } from '../testing-records/bundle-program.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { publishToBranch, readBranch } from './branch-store.js';
import { publishToFolder, readFolder } from './folder-store.js';
import { gitIn } from './git.js';
import { UNFINISHED } from './write-new-file.js';

const earlier: RunRecord = { ...exampleRecord, time: '2026-11-23T08:00:00Z' };

/** Megabytes, so that writing it takes many milliseconds. */
const large: RunRecord = { ...exampleRecord, curves: curves(200) };
const smaller: RunRecord = { ...exampleRecord, curves: curves(10) };

function curves(count: number): RunRecord['curves'] {
  const margin = Array.from({ length: 4000 }, (_, index) => index / 7);
  return Array.from({ length: count }, () => ({ ...exampleRecord.curves[0], margin }));
}

async function prepare(record: RunRecord): Promise<{ folder: string; program: string; file: string }> {
  const folder = await temporaryFolder();
  const program = await bundleProgram('publish-program', folder);
  await cp(join(import.meta.dirname, '../../schema'), join(folder, 'schema'), { recursive: true });
  const file = join(folder, 'large.json');
  await writeFile(file, writeRecord(record));
  return { folder, program, file };
}

/** Ends the process once the condition holds, as nothing can be caught; false where it had ended by itself. */
async function killOnce(child: ChildProcess, condition: () => Promise<boolean>): Promise<boolean> {
  const ended = once(child, 'exit');
  while (child.exitCode === null && !(await condition())) await setTimeout(1);
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  return signal === 'SIGKILL';
}

describe('a publish that is ended with SIGKILL while it writes', () => {
  test('leaves a data folder with the earlier runs as they were, names what it left, and can be done again', async () => {
    const { folder, program, file } = await prepare(large);
    const data = join(folder, 'data');
    const { file: kept } = await publishToFolder(data, earlier);
    const before = await readFile(kept, 'utf8');
    const runs = join(data, 'runs/2026');
    const child = spawn(process.execPath, [program, 'publish', file, '--folder', data]);
    const isWriting = async (): Promise<boolean> => (await readdir(runs)).some((name) => name.startsWith(UNFINISHED));
    expect(await killOnce(child, isWriting)).toBe(true);

    const history = await readFolder(data);
    expect(history.runs.map(({ record }) => record)).toEqual([earlier]);
    expect(history.skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^runs\/2026\/\.unfinished-.* was left by a publish that was ended; it may be deleted$/),
    ]);
    expect(await readFile(kept, 'utf8')).toBe(before);

    const again = spawn(process.execPath, [program, 'publish', file, '--folder', data]);
    expect(await once(again, 'exit')).toEqual([0, null]);
    expect((await readFolder(data)).runs.map(({ record }) => record)).toEqual([earlier, large]);
  });

  test('leaves a data branch with the earlier runs as they were, whenever it is ended', async () => {
    const { folder, program, file } = await prepare(smaller);
    const git = gitIn(folder);
    await git(['init', '--quiet']);
    const place = { repository: folder, branch: 'bench' };
    await publishToBranch(place, earlier);
    const tip = await git(['rev-parse', 'bench']);
    for (let delay = 0, ended = true; ended; delay += 50) {
      const child = spawn(process.execPath, [program, 'publish', file, '--branch', 'bench', '--repository', folder]);
      const start = performance.now();
      ended = await killOnce(child, () => Promise.resolve(performance.now() - start > delay));
      const { runs, skipped } = await readBranch(place);
      expect(skipped).toEqual([]);
      expect([earlier, smaller]).toEqual(expect.arrayContaining(runs.map(({ record }) => record)));
      expect(await git(['merge-base', tip, 'bench'])).toBe(tip);
    }
    expect((await readBranch(place)).runs.map(({ record }) => record)).toEqual([earlier, smaller]);
    await git(['fsck', '--strict']);
  });
});

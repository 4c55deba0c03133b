import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../records/benchmark-record.js';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { runCommand } from '../testing-records/run-command.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { publishToFolder } from './folder-store.js';

const [benchmark] = exampleRecord.benchmarks;

/** One run a day; the ratio steps from 0.31 up to 0.4 on the 15th. */
const month = Array.from({ length: 20 }, (_, day): RunRecord => {
  const value = (day < 14 ? 0.31 : 0.4) + (day % 3) / 1000;
  const date = String(day + 1).padStart(2, '0');
  return {
    ...exampleRecord,
    time: `2026-11-${date}T00:00:00Z`,
    benchmarks: [{ ...benchmark, metrics: [{ ...METRICS.ratio, value }] }],
  };
});

async function historyOf(runs: readonly RunRecord[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const run of runs) await publishToFolder(folder, run);
  return folder;
}

describe('publish', () => {
  test('adds the record of a file to a data folder, once', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'run.json');
    await writeFile(file, writeRecord(exampleRecord));
    const published = /data\/runs\/2026\/20261124T203158\.123Z_518fc2c0d1e2_linux-x64-[0-9a-f]{8}\.json$/;
    const first = await runCommand('publish', file, '--folder', join(folder, 'data'));
    expect(first).toMatchObject({ code: 0, error: '', out: expect.stringMatching(published) as string });
    expect(first.out).toMatch(/^Published /);
    expect((await runCommand('publish', file, '--folder', join(folder, 'data'))).out).toMatch(/^Already published as /);
  });

  test('refuses what is no record, what is not there, and pushing a folder, with exit code 2', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'run.json');
    await writeFile(file, '{"schema":"surprisal-bench/run@2"}');
    expect(await runCommand('publish', file, '--folder', folder)).toEqual({
      code: 2,
      out: '',
      error: `error: ${file}: "schema" expected "surprisal-bench/run@1", got "surprisal-bench/run@2". Another version of @surprisal/bench reads it.`,
    });
    expect(await runCommand('publish', join(folder, 'none.json'), '--folder', folder)).toEqual({
      code: 2,
      out: '',
      error: `error: "${join(folder, 'none.json')}" expected a record of a run, got no file that can be read`,
    });
    expect(await runCommand('publish', file, '--push', 'origin')).toEqual({
      code: 2,
      out: '',
      error: "error: option '--push <remote>' needs '--branch <name>': only a branch can be pushed",
    });
    expect((await runCommand('publish', file, '--folder', 'a', '--branch', 'b')).error).toBe(
      "error: option '--branch <name>' cannot be used with option '--folder <path>'",
    );
  });
});

describe('history', () => {
  test('lists the runs, the changes, and what was skipped', async () => {
    const folder = await historyOf(month);
    await writeFile(join(folder, 'runs/half.json'), '{"schema":"surprisal-bench/run@1"');
    const { code, out } = await runCommand('history', '--folder', folder);
    expect(code).toBe(0);
    expect(out).toContain('2026-11-20T00:00:00Z');
    expect(out).toContain('20 runs.');
    expect(out).toMatch(
      /worse: .*surprisal:wasm-simd ratio 0\.311 -> 0\.401 x \(\+28\.9%\) since 2026-11-15T00:00:00Z 518fc2c0d1e2, linux x64, Example CPU 3000, 2 cores, node 24/,
    );
    expect(out).toContain('runs/half.json expected JSON, got text that is none');
  });

  test('shows the series whose name holds a text, with a line at each change', async () => {
    const { out } = await runCommand('history', 'ratio', '--folder', await historyOf(month));
    expect(out).toContain('ratio x');
    expect(out).toMatch(/▁▁▁▁▁▁▁▁▁▁▁▁▁▁\|█+/);
  });

  test('gives a program the series with levels and alerts, of one class of machines each', async () => {
    const other = { ...exampleRecord.machine, cores: 64 };
    const folder = await historyOf([...month, { ...month[0], machine: other, time: '2026-12-01T00:00:00Z' }]);
    const { out } = await runCommand('history', 'ratio', '--folder', folder, '--json');
    const json = JSON.parse(out) as { series: { machineClass: string; points: unknown[]; alerts: unknown[] }[] };
    expect(json.series.map(({ machineClass, points }) => [machineClass.includes('64 cores'), points.length])).toEqual([
      [false, 20],
      [true, 1],
    ]);
    expect(json.series[0].alerts).toMatchObject([{ time: '2026-11-15T00:00:00Z', direction: 'worse' }]);
    const chosen = await runCommand('history', 'ratio', '--folder', folder, '--machine', '64 cores', '--json');
    expect((JSON.parse(chosen.out) as typeof json).series).toHaveLength(1);
  });

  test('prints no control character of a record', async () => {
    const folder = await historyOf([
      { ...exampleRecord, machine: { ...exampleRecord.machine, cpu: 'a\u001b[2Jb\nc' } },
    ]);
    const { out } = await runCommand('history', '--folder', folder);
    expect(out).toContain('a [2Jb c');
  });
});

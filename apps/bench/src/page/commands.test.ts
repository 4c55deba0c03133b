import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishToFolder } from '../history/folder-store.js';
import { newRecord } from '../record/new-record.js';
import { writeRecord } from '../records/record-text.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { readHtml } from '../testing-records/read-html.js';
import { runCommand } from '../testing-records/run-command.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';

describe('report', () => {
  test('builds the page of the last run of a history, and names what was skipped', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'new', 'page.html');
    await publishToFolder(folder, { ...exampleRecord, time: '2026-11-01T00:00:00Z' });
    await publishToFolder(folder, exampleRecord);
    await writeFile(join(folder, 'runs', 'half.json'), '{');
    const printed = await runCommand('report', '--folder', folder, '--out', out);
    expect(printed.code).toBe(0);
    expect(printed.out).toMatch(/^Skipped runs\/half\.json expected JSON.*\nWrote .*page\.html$/);
    const page = readHtml(await readFile(out, 'utf8'));
    expect(page.querySelector('header time')?.getAttribute('datetime')).toBe(exampleRecord.time);
    expect(page.querySelector('#skipped')?.textContent).toContain('runs/half.json');
    expect(page.querySelector('#history')?.textContent).toContain('2 runs.');
  });

  test('shows what was last found of the harness on the same machine, beside the last run of losses', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'page.html');
    const { machine, settings, verdict } = exampleRecord;
    const tested = (time: string, found: number): RunRecord => {
      const test = { kind: 'aa', time, rounds: 40, found, inconclusive: 0, passed: found === 0 } as const;
      return { ...newRecord(new Date(time), { settings, verdict, selftests: [test] }), machine };
    };
    const run = '2026-12-03T00:00:00.000Z';
    await publishToFolder(folder, tested('2026-12-02T00:00:00.000Z', 7));
    await publishToFolder(folder, { ...exampleRecord, time: run, selftests: [] });
    await publishToFolder(folder, tested('2026-12-04T00:00:00.000Z', 0));
    await publishToFolder(folder, {
      ...tested('2026-12-05T00:00:00.000Z', 9),
      machine: { ...machine, cpu: 'another' },
    });
    expect((await runCommand('report', '--folder', folder, '--out', out)).code).toBe(0);
    const page = readHtml(await readFile(out, 'utf8'));
    expect(page.querySelector('header time')?.getAttribute('datetime')).toBe(run);
    const rows = [...page.querySelectorAll('#method tbody tr')].map(({ textContent }) => textContent);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toContain('0 of 40');
  });

  test('builds the page of a record alone, with curves of the registry where it has none', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'run.json');
    const out = join(folder, 'page.html');
    await writeFile(file, writeRecord({ ...exampleRecord, curves: [] }));
    expect(await runCommand('report', file, '--out', out)).toEqual({ code: 0, out: `Wrote ${out}`, error: '' });
    const page = readHtml(await readFile(out, 'utf8'));
    expect(page.querySelector('#curves')?.textContent).toContain('positiveWeighted(binaryCrossEntropy)');
    expect(page.querySelector('#history')?.textContent).toContain('No runs were published yet.');
  });

  test('needs a run', async () => {
    const folder = await temporaryFolder();
    expect(await runCommand('report', '--folder', folder)).toEqual({
      code: 2,
      out: '',
      error: 'error: report: the history holds no run; publish one, or name the file of one',
    });
  });
});

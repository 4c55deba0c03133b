import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCaseFiles } from './read-cases.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('readCaseFiles', () => {
  it('reads every JSON file of a folder by name, and says which it cannot read', async () => {
    await writeFile(join(folder, 'c.json'), '{ "source": "made here", "cases": [{}] }');
    await writeFile(join(folder, 'a.json'), '{ "cases": 7 }');
    await writeFile(join(folder, 'b.json'), '[');
    await writeFile(join(folder, 'README.md'), 'not a case');
    expect(await readCaseFiles(folder)).toEqual([
      { name: 'a.json', source: '', cases: [], problem: 'no list "cases"' },
      { name: 'b.json', source: '', cases: [], problem: expect.stringContaining('JSON') as string },
      { name: 'c.json', source: 'made here', cases: [{}] },
    ]);
  });

  it('reads one file', async () => {
    const path = join(folder, 'one.json');
    await writeFile(path, '{ "cases": [] }');
    expect(await readCaseFiles(path)).toEqual([{ name: 'one.json', source: '', cases: [] }]);
  });
});

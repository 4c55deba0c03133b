// The bench as someone installs it who has none of this repository: packed, with its dependencies from the registry.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readRecord, writeRecord } from '../../apps/bench/src/records/record-text.ts';
import { exampleRecord } from '../../apps/bench/src/testing-records/example-record.ts';
import { packTools, type PackedPackage } from '../pack-packages.ts';
import { run } from './run.ts';

let folder = '';
let tools: readonly PackedPackage[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-installed-'));
  tools = await packTools(folder);
  const tarballs = [...inject('packed'), ...tools].map(({ tarball }) => tarball);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], folder);
  await writeFile(join(folder, 'run.json'), writeRecord(exampleRecord));
}, 300_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the installed binary in the project. */
function bench(...args: readonly string[]): Promise<string> {
  return run(process.execPath, [join(folder, 'node_modules/.bin/surprisal-bench'), ...args], folder);
}

describe('the installed bench', () => {
  it('has a package.json whose entry points lead to files, and no file of tests', async () => {
    for (const { tarball, files } of tools) {
      const bytes = await readFile(tarball);
      const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(bytes).buffer } });
      expect(messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)).toEqual([]);
      expect(files.filter((file) => /\.test\b|testing/.test(file))).toEqual([]);
      expect(files).toContain('README.md');
    }
  });

  it('explains itself', async () => {
    expect(await bench('--help')).toContain('Usage: surprisal-bench');
  });

  it('publishes a record, exports it, and builds the page', async () => {
    expect(await bench('publish', 'run.json', '--folder', 'history')).toMatch(/^Published history\/runs\/2026\//);
    expect(await bench('history', '--folder', 'history')).toContain('1 run.');
    expect(JSON.parse(await bench('export', 'bencher', 'run.json'))).toHaveProperty(['@surprisal/categorical', 'size']);
    expect(await bench('report', '--folder', 'history', '--out', 'page.html')).toBe('Wrote page.html\n');
    expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain('<svg ');
  });

  it.each(['run', 'budgets'])('brings the schema of its files: %s', async (name) => {
    const file = createRequire(join(folder, 'index.js')).resolve(`@surprisal/bench/schema/${name}-1.schema.json`);
    expect(JSON.parse(await readFile(file, 'utf8'))).toHaveProperty('title', `surprisal-bench/${name}@1`);
  });

  it('checks the packages beside it against the budgets that it brings', async () => {
    const out = await bench('check', '--only', '@surprisal/regularization', '--json');
    const [size] = readRecord(out, 'standard output').sizes;
    const budgets = await readFile(join(folder, 'node_modules/@surprisal/bench/budgets.json'), 'utf8');
    expect(budgets).toContain(`"gzipBytes": ${size.budgetBytes}\n`);
  });
});

// A plugin of somebody who has none of this repository: its rows, curves, budgets and verdicts by the installed bench alone.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readRecord } from '../../apps/bench/src/records/record-text.ts';
import type { RunRecord } from '../../apps/bench/src/records/run-record.ts';
import { packTools } from '../pack-packages.ts';
import { run } from './run.ts';

/** Whole runs of the bench, on machines that may be busy. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** (1 - p) of cross-entropy: what is surely right counts less. */
const PLUGIN = `import { defineWrapper } from '@surprisal/core';

export const humbled = defineWrapper({
  name: 'humbled',
  links: ['softmax', 'sigmoid'],
  options: { power: { kind: 'number', minimum: 0, default: 1 } },
  steps: ({ power = 1 }) => [{ kind: 'surprisal', terms: [{ coefficient: 1, power, order: 0 }] }],
  traits: { convex: false, nonNegative: true, shiftInvariant: true, needsIndexTargets: false },
  examples: () => [{ power: 1 }],
});
`;

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-plugin-'));
  const tarballs = [...inject('packed'), ...(await packTools(folder))].map(({ tarball }) => tarball);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'my-loss', version: '1.2.3', type: 'module' }));
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs], folder);
  await writeFile(join(folder, 'my-loss.js'), PLUGIN);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

function inShell(command: string, environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { ...process.env, ...environment }, maxBuffer: 2 ** 26, shell: '/bin/bash' };
    execFile(command, options, (error, out, said) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, error: said }),
    );
  });
}

const bench = (args: string): Promise<Ended> => inShell(`node_modules/.bin/surprisal-bench ${args}`);
const record = async (file: string): Promise<RunRecord> => readRecord(await readFile(join(folder, file), 'utf8'), file);
const BY_MARGIN = 'humbled(binaryCrossEntropy)';

describe('a plugin from outside', () => {
  it('has its rows and its curves in a run', async () => {
    const { code, error } = await bench('run --quick --plugins ./my-loss.js --only humbled --record run.json');
    expect(error).toBe('');
    expect(code).toBe(0);
    const { benchmarks, curves, sizes, settings } = await record('run.json');
    const rows = benchmarks.filter(({ axes }) => axes.loss.startsWith('humbled('));
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ axes: { lossId = '' }, status }) => lossId.startsWith('humbled+') && status !== 'wrong')).toBe(
      true,
    );
    expect(curves.filter(({ loss }) => loss.startsWith('humbled(')).length).toBeGreaterThan(0);
    expect(sizes.find((size) => size.package === 'my-loss')).toMatchObject({ version: '1.2.3' });
    expect(settings.plugins).toContain('humbled');
  });

  it('has its curves on the page', async () => {
    expect(await bench('report run.json --out page.html')).toMatchObject({ code: 0 });
    expect(await readFile(join(folder, 'page.html'), 'utf8')).toContain('humbled(');
  });

  it('is checked against budgets of its own, which are written by one command', async () => {
    const chosen = `--plugins ./my-loss.js --only '${BY_MARGIN}' --budgets budgets.json`;
    expect(await bench(`check --write-budgets ${chosen}`)).toMatchObject({ code: 0, out: 'Wrote budgets.json\n' });
    expect(await bench(`check ${chosen} --record check.json`)).toMatchObject({ code: 0 });
    const { accuracy } = await record('check.json');
    const [row] = accuracy.filter(({ axes }) => axes.engine === 'wasm-simd');
    const budgets = JSON.parse(await readFile(join(folder, 'budgets.json'), 'utf8')) as {
      readonly accuracy: Record<string, { readonly largest: number }>;
    };
    expect(budgets.accuracy[row.id].largest).toBe(row.budget);

    const tight = { ...budgets, accuracy: { ...budgets.accuracy, [row.id]: { largest: 0.01 } } };
    await writeFile(join(folder, 'budgets.json'), JSON.stringify(tight));
    const { code, out } = await bench(`check ${chosen}`);
    expect(code).toBe(4);
    expect(out).toContain(`accuracy: ${row.id}: the largest error is `);
    expect(out).toContain(' ulp, the budget 0.01, at margins from ');
  });

  it('is compared with a base, in which it lies at the same place', async () => {
    const args = `check . --plugins ./my-loss.js --only '${BY_MARGIN}' --processes 2 --record check.json`;
    const { code } = await bench(args);
    // Equal builds are the same, or noise hides what they are.
    expect([0, 3]).toContain(code);
    const { compare } = await record('check.json');
    expect(compare?.rows.length).toBeGreaterThan(0);
    expect(compare?.rows.every(({ axes }) => axes.loss.includes(BY_MARGIN))).toBe(true);
  });

  it('is checked by the command of the action, with inputs as the action hands them on', async () => {
    const action = parse(await readFile(join(import.meta.dirname, '../../action.yml'), 'utf8')) as {
      readonly inputs: Readonly<Record<string, { readonly default: string }>>;
      readonly runs: {
        readonly steps: readonly [{ readonly run: string; readonly env: Readonly<Record<string, string>> }];
      };
    };
    const given: Readonly<Record<string, string>> = { plugins: './my-loss.js\n', only: 'my-loss', base: '' };
    const [{ run: command, env }] = action.runs.steps;
    const environment = Object.entries(env).map(([name, text]) => {
      const input = /inputs\.([\w-]+)/.exec(text)?.[1] ?? '';
      return [name, given[input] ?? action.inputs[input].default];
    });
    const { code, out } = await inShell(command, {
      ...(Object.fromEntries(environment) as Record<string, string>),
      GITHUB_EVENT_NAME: 'pull_request',
      GITHUB_STEP_SUMMARY: 'summary.md',
    });
    expect(out).toContain('Passed.');
    expect(code).toBe(0);
    expect((await record('bench-out/record.json')).sizes.map((size) => size.package)).toEqual(['my-loss']);
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('my-loss');
  });
});

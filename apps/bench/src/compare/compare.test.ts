import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '@surprisal/reference';
import { afterAll, describe, expect, test } from 'vitest';
import { measureGroup } from '../measure/measure-group.js';
import type { Job } from '../measure/protocol.js';
import { JobFailure, type RunJob } from '../measure/run-process.js';
import { readRecord, writeRecord } from '../records/record-text.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { HASTE, reportOf } from '../testing-measure/jobs.js';
import { registry } from '../registry.js';
import { compareGroups, type CompareGroup } from './compare-rows.js';
import { compareExitCode, decideGroups, type Comparison } from './compare-builds.js';
import { compareRecord } from './compare-record.js';
import { compareRecords } from './compare-records.js';
import { compareText } from './compare-table.js';
import { modulesOfBuild } from './modules-of-build.js';

const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [group] = compareGroups(registry, registry, 'categoricalCrossEntropy, 1024') as [CompareGroup];
const engines = group.rows.map(({ axes }) => axes.engine ?? '');

/** Processes in which the head's times are the base's by a factor for each engine, and all by some noise. */
function fakeRun(factorOf: (engine: string, job: Job) => number, noise = 0.002): RunJob {
  return (job) => {
    const random = randomNumbers(job.seed);
    const times = job.variants.map(({ id, program }): [string, number[]] => {
      const factor = program.kind === 'ours' && program.side === 'head' ? factorOf(program.engine, job) : 1;
      return [id, [1000 * factor * Math.exp(noise * random.normal())]];
    });
    return Promise.resolve(reportOf(Object.fromEntries(times)));
  };
}

async function compareBy(run: RunJob): Promise<Comparison> {
  const options = { sides: {}, processes: 8, seed: 1, pace: HASTE, peers: '', run };
  const reports = await measureGroup(group, options);
  return decideGroups({ results: [{ group, reports }], complete: true }, options);
}

const verdicts = ({ rows }: Comparison): Record<string, string> =>
  Object.fromEntries(rows.map(({ row, verdict }) => [row.axes.engine ?? '', verdict]));

describe('a comparison', () => {
  test('of equal builds finds nothing, and exits with 0', async () => {
    const comparison = await compareBy(fakeRun(() => 1));
    expect(verdicts(comparison)).toEqual(Object.fromEntries(engines.map((engine) => [engine, 'same'])));
    expect(compareExitCode(comparison)).toBe(0);
    expect(compareText(comparison)).toContain('No regression: ');
  });

  test('names exactly the row that became slower, and exits with 1', async () => {
    const comparison = await compareBy(fakeRun((engine) => (engine === 'wasm-simd' ? 1.05 : 1)));
    expect(verdicts(comparison)).toEqual(
      Object.fromEntries(engines.map((engine) => [engine, engine === 'wasm-simd' ? 'worse' : 'same'])),
    );
    expect(compareExitCode(comparison)).toBe(1);
    expect(compareText(comparison)).toMatch(
      /^Regression confirmed: categorical-cross-entropy@\w+\/value-and-gradient\/float32\/1024x10\/normal\/surprisal:wasm-simd slower by [45]\.\d%\./,
    );
  });

  test('takes back what fresh processes do not find again: inconclusive, exit 3', async () => {
    const once = fakeRun((engine, { seed }) => (engine === 'wasm-simd' && seed < 500_000 ? 1.2 : 1));
    const comparison = await compareBy(once);
    expect(verdicts(comparison)['wasm-simd']).toBe('inconclusive');
    expect(comparison.rows.find(({ row }) => row.axes.engine === 'wasm-simd')?.reason).toMatch(
      /^(19|20)\.\d% at first, not found again in fresh processes$/,
    );
    expect(compareExitCode(comparison)).toBe(3);
  });

  test('under noise is inconclusive, never a regression', async () => {
    const comparison = await compareBy(fakeRun(() => 1, 0.3));
    expect(new Set(Object.values(verdicts(comparison)))).toEqual(new Set(['inconclusive']));
    expect(compareExitCode(comparison)).toBe(3);
  });

  test('of which an output is wrong in the rerun exits with 4', async () => {
    const wrong: RunJob = (job) =>
      job.seed < 500_000 ? fakeRun(() => 1.2)(job) : Promise.reject(new JobFailure('wrong', 'off by 7'));
    const comparison = await compareBy(wrong);
    expect(compareExitCode(comparison)).toBe(4);
    expect(compareText(comparison)).toContain('off by 7');
  });

  test('is a record that readers take', async () => {
    const comparison = await compareBy(fakeRun((engine) => (engine === 'wasm-simd' ? 1.05 : 1)));
    const settings = { suite: 'compare', seed: 1, processes: 8, blocks: 3 };
    const record = compareRecord(new Date(0), comparison, { base: { label: 'a' }, head: { label: 'b' } }, settings);
    expect(record.verdict.status).toBe('regression');
    expect(readRecord(writeRecord(record), 'record').compare?.rows).toHaveLength(engines.length);
  });
});

describe('two records', () => {
  const withRatios = (...processes: number[]) => {
    const [first, ...rest] = exampleRecord.benchmarks;
    const metrics = first.metrics.map((metric) => (metric.name === 'ratio' ? { ...metric, processes } : metric));
    return { ...exampleRecord, benchmarks: [{ ...first, metrics }, ...rest] };
  };
  const base = withRatios(0.3, 0.301, 0.302, 0.299);

  test('that agree are the same', () => {
    const comparison = compareRecords(base, withRatios(0.301, 0.3, 0.3, 0.302));
    expect(comparison.rows.map(({ verdict }) => verdict)).toEqual(['same']);
    expect(compareExitCode(comparison)).toBe(0);
  });

  test('that differ are inconclusive, since they were not paired', () => {
    const comparison = compareRecords(base, withRatios(0.36, 0.361, 0.362, 0.359));
    expect(comparison.rows.map(({ verdict, reason }) => [verdict, reason])).toEqual([
      ['inconclusive', '20.0% in runs that were not paired: compare the builds'],
    ]);
    expect(compareExitCode(comparison)).toBe(3);
  });

  test('of machines of two classes are not compared', () => {
    const other = withRatios(0.3, 0.301, 0.302, 0.299);
    const comparison = compareRecords(base, { ...other, machine: { ...other.machine, cpu: 'another' } });
    expect(comparison.rows.map(({ reason }) => reason)).toEqual(['measured on machines of two classes']);
  });
});

describe('a build', () => {
  test('is a folder with packages installed or compiled; of them those that may hold plugins are loaded', () => {
    for (const place of ['packages', 'node_modules/@surprisal']) {
      const build = join(folder, place.replace(/\W/g, '-'));
      const write = (name: string, manifest: object): void => {
        mkdirSync(join(build, place, name, 'dist'), { recursive: true });
        writeFileSync(join(build, place, name, 'package.json'), JSON.stringify(manifest));
        writeFileSync(join(build, place, name, 'dist/index.js'), '');
      };
      const exports = { '.': { default: './dist/index.js' } };
      const dependencies = { '@surprisal/core': '1' };
      write('core', { exports });
      write('loss', { exports, dependencies });
      write('kernels', { exports: { './memory': './dist/index.js' }, dependencies });
      write('not-built', { exports: { '.': './dist/missing.js' }, dependencies });
      write('private', { private: true, exports, dependencies });
      expect(modulesOfBuild(build).map((url) => url.split('/').at(-3))).toEqual(['kernels', 'loss']);
    }
  });

  test('that is none says what was expected', () => {
    expect(() => modulesOfBuild('/no/such/folder')).toThrow(
      "'/no/such/folder' expected a checkout with compiled packages or a folder with @surprisal/* installed",
    );
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { createRegistry } from '@surprisal/core';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted, positiveWeighted } from '@surprisal/weighted';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accuracyGroups } from '../../accuracy/accuracy-groups.js';
import { accuracyText } from '../../accuracy/accuracy-table.js';
import { runAccuracy } from '../../accuracy/run-accuracy.js';
import type { GroupOptions } from '../../measure/measure-group.js';
import { NO_BUDGETS, type Budgets } from '../../budgets/budgets.js';
import { largestError } from '../../budgets/hold-against.js';
import { measurementsOf } from '../../exports/measurements.js';
import { JobFailure, runJobBy, type RunJob } from '../../measure/run-process.js';
import { loadPluginFiles, NoPlugins } from '../../plugin-files.js';
import { readRecord, writeRecord } from '../../records/record-text.js';
import type { RunRecord } from '../../records/run-record.js';
import { registry } from '../../registry.js';
import { focal } from '../../testing.js';
import { slightlyWrong, squared } from '../../testing-measure/plugins.js';
import { buildWorker, type BuiltWorker } from '../../testing-measure/build-worker.js';
import { HASTE, reportOf } from '../../testing-measure/jobs.js';
import { lossGroups, sweepGroups } from './loss-groups.js';
import { lossesRecord } from './losses-record.js';
import { lossesText } from './losses-table.js';
import { chooseLossGroups, reasonsOf, runLosses, type LossesOptions, type LossesResult } from './run-losses.js';

let built: BuiltWorker;
const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-'));
beforeAll(async () => {
  built = await buildWorker();
});
afterAll(async () => {
  await built.remove();
  rmSync(folder, { recursive: true });
});

/** The plugins whose compositions are counted. */
const few = createRegistry(categoricalCrossEntropy, binaryCrossEntropy, classWeighted, positiveWeighted, labelSmoothed);

const settings = { suite: 'test', seed: 1, processes: 2, blocks: 3 };

function optionsFor(
  modules: readonly string[],
  run: RunJob = (job, how) => runJobBy(built.worker, job, how),
): LossesOptions {
  return { quick: true, processes: 2, seed: 1, pace: HASTE, peers: folder, sides: { main: modules }, run, limit: 100 };
}

function recordOf(result: LossesResult): RunRecord {
  return readRecord(writeRecord(lossesRecord(new Date(0), result, settings, [])), 'record');
}

describe('the groups', () => {
  test('hold every composition on its data, and cross-entropy with target steps over tokens', () => {
    const groups = lossGroups(few.plugins, { quick: false });
    const inputs = groups.map(({ input }) => input);
    expect(inputs.filter((input) => input === 'digits')).toHaveLength(5);
    expect(inputs.filter((input) => input === 'mail')).toHaveLength(5);
    expect(inputs.filter((input) => input === 'tokens')).toHaveLength(5);
    expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
    expect(lossGroups(few.plugins, { quick: false, pairs: true })).toHaveLength(groups.length + 2 + 6);
  });

  test('compare peers with bare cross-entropy only, which is what they compute', () => {
    for (const { title, variants } of lossGroups([...few.plugins, focal, squared], { quick: false })) {
      const peers = variants.filter(({ program }) => program.kind === 'peer');
      expect(peers.length > 0).toBe(/^(categorical|binary)CrossEntropy( \(classes \d+\))? on/.test(title));
    }
  });

  test('sweep classes, rows and margins', () => {
    const titles = sweepGroups(few.plugins, { quick: false }).map(({ title }) => title);
    expect(titles).toContain('categoricalCrossEntropy on normal, 2 x 100000');
    expect(titles).toContain('categoricalCrossEntropy on normal, 1 x 10');
    expect(titles).toContain('categoricalCrossEntropy on margin--100, 1024 x 100');
    expect(sweepGroups([squared], { quick: false })).toEqual([]);
  });
});

describe('a run in real processes', () => {
  test('on real logits makes a record with every engine, the loop and the copy', async () => {
    const times = chooseLossGroups(registry.plugins, true, 'binaryCrossEntropy on mail').slice(0, 1);
    const result = await runLosses({ times, errors: [] }, optionsFor([built.url('registry')]));
    expect(reasonsOf(result)).toEqual([]);
    const record = recordOf(result);
    const names = record.benchmarks.map(({ axes }) => `${axes.engine ?? axes.implementation} ${axes.operation}`);
    expect(names).toEqual(
      expect.arrayContaining([
        'plain-loop value-and-gradient',
        'copy value-and-gradient',
        'typescript value-and-gradient',
        'typescript value',
      ]),
    );
    expect(record.benchmarks[0]?.axes).toMatchObject({ rows: 20, classes: 1, dtype: 'float32', input: 'mail' });
    const ratio = record.benchmarks
      .find(({ axes }) => axes.engine === 'typescript')
      ?.metrics.find(({ name }) => name === 'ratio');
    expect(ratio).toMatchObject({ n: 2, better: 'lower' });
    expect(lossesText(result)).toContain('All outputs are within their bounds.');
  });

  test('takes made logits at which the plain loop has no digit left', async () => {
    const times = sweepGroups(few.plugins, { quick: false }).filter(({ title }) => title.includes('margin-'));
    const result = await runLosses({ times, errors: [] }, { ...optionsFor([built.url('registry')]), processes: 1 });
    expect(times).toHaveLength(4);
    expect(reasonsOf(result)).toEqual([]);
  });

  test('takes plugins from a file outside: their rows are keyed by their own ids', async () => {
    const file = join(folder, 'my-loss.js');
    writeFileSync(file, `export { squared as mine } from ${JSON.stringify(built.url('testing'))};`);
    const { registry: loaded, modules } = await loadPluginFiles([file], [built.url('registry')]);
    expect(loaded.names).toEqual([...registry.names, 'squared']);
    const times = chooseLossGroups(loaded.plugins, true, 'squared on');
    const result = await runLosses({ times, errors: [] }, optionsFor(modules));
    const { benchmarks } = recordOf(result);
    expect(benchmarks.map(({ id }) => id)).toEqual([
      expect.stringMatching(/^squared@[0-9a-f]{16}\/value-and-gradient\/float32\/20x10\/digits\/surprisal:typescript$/),
    ]);
  });

  test('finds errors above their budget, and says who deviates where', async () => {
    const [group] = accuracyGroups([slightlyWrong], { quick: false });
    const options = optionsFor([built.url('testing')]) as GroupOptions;
    const measured = await runAccuracy(group, options);
    expect(measured.failure).toBeUndefined();
    expect(measured.rows.map(({ quantity, status }) => [quantity, status])).toEqual(
      expect.arrayContaining([
        ['value', 'wrong'],
        ['gradient', 'ok'],
      ]),
    );
    expect(reasonsOf({ measured: [], accuracy: [measured], complete: true })[0]).toMatchObject({
      gate: 'accuracy',
      message: expect.stringMatching(
        /^the largest error, \d+(\.\d)? units, is above the budget of (0\.51|3\.5)$/,
      ) as string,
    });
    const text = accuracyText([measured]);
    expect(text).toMatch(/typescript, value +│.*is above the budget/);
    expect(text).toMatch(/plain-loop, gradient +│.*false zero/);
    const record = recordOf({ measured: [], accuracy: [measured], complete: true });
    expect(record.verdict.status).toBe('wrong');
    expect(record.accuracy[0]?.buckets.every(({ count }) => count > 0)).toBe(true);
  });
});

describe('the errors of a run', () => {
  const [group] = accuracyGroups(few.plugins, { quick: true });
  const rows = (budgets?: Budgets): Promise<LossesResult> =>
    runLosses({ times: [], errors: [group] }, { ...optionsFor([built.url('registry')]), budgets });

  test('are held against budgets: one that is broken makes the run wrong, with the row, the budget and what was measured', async () => {
    const { accuracy } = await rows();
    const [first] = accuracy[0]?.rows.filter(({ axes }) => axes.engine === 'typescript') ?? [];
    const tight = (share: number): Budgets => ({
      ...NO_BUDGETS,
      accuracy: { [first.id]: { largest: share * largestError(first) } },
    });
    expect(reasonsOf(await rows(tight(1)))).toEqual([]);
    const broken = await rows(tight(0.5));
    expect(reasonsOf(broken)).toEqual([
      {
        gate: 'accuracy',
        id: first.id,
        message: expect.stringMatching(
          /^the largest error is 0\.\d+ ulp, the budget 0\.\d+, at margins from /,
        ) as string,
      },
    ]);
    expect(recordOf(broken).verdict.status).toBe('wrong');
  });
});

describe('a run', () => {
  const [group] = lossGroups(few.plugins, { quick: true });
  const input = {
    rows: 1,
    classes: 10,
    type: 'float32',
    targets: 'labels',
    source: { kind: 'normal', seed: 1, spread: 1 },
  } as const;
  const runWith = (run: RunJob): Promise<LossesResult> =>
    runLosses({ times: [{ ...group, input }], errors: [] }, { ...optionsFor([], run), processes: 4 });

  test('of which an output is wrong names the variant and has no times', async () => {
    const result = await runWith(() => Promise.reject(new JobFailure('wrong', 'wasm-simd: off by 7')));
    const { benchmarks, verdict } = recordOf(result);
    expect(verdict.status).toBe('wrong');
    expect(benchmarks.map(({ status, axes, reason }) => [status, axes.engine, reason])).toEqual([
      ['wrong', 'wasm-simd', 'wasm-simd: off by 7'],
    ]);
    expect(lossesText(result)).toContain('FAILED: wasm-simd: off by 7');
  });

  test('whose time is over counts the groups it left out', async () => {
    const result = await runLosses({ times: [group, group], errors: [] }, { ...optionsFor([]), time: -1 });
    expect(recordOf(result).settings).toMatchObject({ complete: true, leftOut: 2 });
    expect(lossesText(result)).toContain(`Left out, since the time was over: 2 of the groups, such as ${group.title}.`);
  });

  test('in which equal kernels differ is unproven', async () => {
    const times = { anchor: [100], sentinel: [120], copy: [1], typescript: [50] };
    let n = 0;
    const result = await runWith(() => Promise.resolve(reportOf({ ...times, sentinel: [120 + n++ / 100] })));
    const record = recordOf(result);
    const { benchmarks, noise } = record;
    expect(benchmarks.filter(({ metrics }) => metrics.length > 0).map(({ status }) => status)).toEqual([
      'unproven',
      'unproven',
      'unproven',
    ]);
    expect(noise).toMatchObject({ status: 'noisy', figures: [{ name: 'sentinel' }] });
    expect(lossesText(result)).toContain('1 groups are unproven');
    // Shown, and nothing is judged by it: neither the run, nor by what other tools are given.
    expect(record.verdict).toEqual({ status: 'ok', reasons: [] });
    expect(measurementsOf(record)).toEqual([]);
  });
});

describe('a file of plugins', () => {
  test('that is not there, or holds none, says so', async () => {
    const none = join(folder, 'none.js');
    writeFileSync(none, 'export const nothing = 1;');
    await expect(loadPluginFiles(['no-such.js'], [])).rejects.toThrow(
      new NoPlugins("option '--plugins <file>': 'no-such.js' expected a module that exports plugins, got no file"),
    );
    await expect(loadPluginFiles([none], [])).rejects.toThrow(
      new NoPlugins(
        `option '--plugins <file>': '${none}' expected exports made by defineLoss or defineWrapper, got none`,
      ),
    );
  });
});

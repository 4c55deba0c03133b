import { describe, expect, test } from 'vitest';
import { JobFailure, type RunJob } from '../../measure/run-process.js';
import { HASTE, reportOf } from '../../testing-measure/jobs.js';
import { RELAXED } from './groups.js';
import { readRecord, writeRecord } from '../../records/record-text.js';
import { registry } from '../../registry.js';
import { measurementsOf } from '../../exports/measurements.js';
import { kernelsRecord } from './kernels-record.js';
import { kernelsMarkdown, kernelsText, timesText } from './kernels-table.js';
import { chooseGroups, KERNEL_GROUPS, measureKernelGroup, type MeasuredGroup } from './kernels-suite.js';
import { atMost, faster, type Target } from './target.js';
import { verdictsOf } from './verdicts.js';

const targetsOf = (targets: readonly Target[]) => ({ id: 'g', title: 'a case', inputs: {}, variants: [], targets });
const target = (id: string, reads: Target['reads']): Target => ({ id, what: id, reads });

describe('the groups', () => {
  test('have ids and targets of their own, and name variants that they hold', () => {
    expect(new Set(KERNEL_GROUPS.map(({ id }) => id)).size).toBe(KERNEL_GROUPS.length);
    for (const { targets, variants, inputs } of KERNEL_GROUPS) {
      const ids = variants.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length);
      for (const { reads } of targets)
        expect(ids).toEqual(expect.arrayContaining(reads.kind === 'ratio' ? [reads.of, reads.by] : [reads.of]));
      for (const { input } of variants) expect(Object.keys(inputs)).toContain(input);
    }
  });

  test('are chosen by id or by words of the title', () => {
    const ids = (only?: string): string[] => chooseGroups(only).map(({ id }) => id);
    expect(ids('c10')).toEqual(['c10']);
    expect(ids('c2,call')).toEqual(['c2', 'call']);
    expect(ids('BINARY')).toEqual(['binary-family', 'binary']);
    expect(ids('nothing')).toEqual([]);
    expect(ids()).toHaveLength(KERNEL_GROUPS.length);
  });
});

describe('a verdict', () => {
  const reports = [1, 2, 3].map((seed) =>
    reportOf({ copy: [100, 100], ours: [200 + seed, 200 + seed], theirs: [900 + seed, 900 + seed] }),
  );

  test.each([
    [atMost(2.5, 'ours', 'copy'), 'met', false],
    [atMost(1.5, 'ours', 'copy'), 'missed', false],
    [atMost(2.02, 'ours', 'copy'), 'met', true],
    [faster(4, 'ours', 'theirs'), 'met', false],
    [faster(5, 'ours', 'theirs'), 'missed', false],
    [{ kind: 'microseconds', of: 'ours', limit: 0.25 }, 'met', false],
    [{ kind: 'microseconds', of: 'ours', limit: 0.15 }, 'missed', false],
    [{ kind: 'bytes', of: 'ours', limit: 64 }, 'met', false],
    [{ kind: 'bytes', of: 'ours', limit: 63 }, 'missed', false],
  ] as const)('on %j is %s, close: %s', (reads, verdict, close) => {
    expect(verdictsOf(targetsOf([target('one', reads)]), reports)).toMatchObject([{ verdict, close }]);
  });

  test('is none where a variant is missing, with the reason', () => {
    const missing = { ...reportOf({ ours: [1] }).variants[0], id: 'theirs', missing: 'not here' };
    const report = { settled: true, variants: [...reportOf({ ours: [1] }).variants, missing] };
    expect(verdictsOf(targetsOf([target('one', faster(2, 'ours', 'theirs'))]), [report])).toMatchObject([
      { verdict: 'not measured', reason: 'not here' },
    ]);
  });

  test('stands in the tables', () => {
    const verdicts = verdictsOf(
      targetsOf([target('one', atMost(2.5, 'ours', 'copy', 1.8)), target('two', faster(5, 'ours', 'theirs'))]),
      reports,
    );
    expect(kernelsMarkdown(verdicts)).toContain('| a case | one | <= 2.5 x, stretch 1.8 x | 2.02 |');
    expect(kernelsText(verdicts)).toMatch(/two +│ >= 5 x faster +│ 4\.47 .*│ missed/);
    expect(kernelsText(verdicts)).toContain('1 met, 1 missed.');
  });
});

describe('the record of a run', () => {
  const settings = { suite: 'kernels full', seed: 1, processes: 2, blocks: 3 };
  const facts = { settings, peers: [], registry };
  const how = { processes: 2, seed: 1, pace: HASTE, sides: {}, peers: '' };
  /** Processes in which everything takes 100 ns, relaxed engines are not there, and all is right. */
  const run: RunJob = ({ variants }) => {
    const { settled, variants: reports } = reportOf(Object.fromEntries(variants.map(({ id }) => [id, [100, 100]])));
    const lacksRelaxed = reports.map((report, index) => {
      const { program } = variants[index];
      const isRelaxed = program.kind === 'ours' && program.engine === RELAXED;
      return isRelaxed ? { ...report, blocks: [], missing: 'not in this runtime' } : report;
    });
    return Promise.resolve({ settled, variants: lacksRelaxed });
  };
  const measured = (with_: RunJob, groups = KERNEL_GROUPS): Promise<MeasuredGroup[]> =>
    Promise.all(groups.map((group) => measureKernelGroup(group, { ...how, run: with_ })));

  test('is one that readers take: every variant of every group under an id of its own', async () => {
    const record = readRecord(writeRecord(kernelsRecord(new Date(0), await measured(run), facts)), 'record');
    const variants = KERNEL_GROUPS.flatMap((group) => group.variants.filter(({ id }) => id !== 'sentinel'));
    expect(record.benchmarks).toHaveLength(variants.length);
    expect(record.verdict).toEqual({ status: 'ok', reasons: [] });
    expect(record.noise.status).toBe('quiet');
    const ids = record.benchmarks.map(({ id }) => id.replace(/@[0-9a-f]{16}/g, ''));
    expect(ids).toEqual(
      expect.arrayContaining([
        'categorical-cross-entropy/value-and-gradient/float32/16384x10/c10/surprisal:wasm-simd',
        'categorical-cross-entropy/value-and-gradient/float32/512x32000/c32000/surprisal:wasm-simd/kernel-memory',
        'label-smoothed+categorical-cross-entropy/value-and-gradient/float32/1024x1000/options/surprisal:wasm-relaxed-simd',
        'categorical-cross-entropy/value-and-gradient/float32/1024x1000/general-masked/surprisal:wasm-relaxed-simd',
        'categorical-cross-entropy/value-and-gradient/float32/1024x1000/extras/surprisal:wasm-relaxed-simd/accuracy',
        'binary-cross-entropy/value-and-gradient/float32/4000000x1/binary/plain-loop',
      ]),
    );
    expect(measurementsOf(record).length).toBeGreaterThan(50);
  });

  test('says of an engine that is not there that it is missing, in rows, targets and table, and measures the others', async () => {
    const results = await measured(run, chooseGroups('c10'));
    const { benchmarks, targets = [] } = kernelsRecord(new Date(0), results, facts);
    const statusOf = (engine: string): string | undefined =>
      benchmarks.find(({ axes }) => axes.engine === engine)?.status;
    expect([statusOf(RELAXED), statusOf('wasm-simd')]).toEqual(['missing', 'ok']);
    expect(targets.find(({ id }) => id === 'c10/loop')).toEqual({
      id: 'c10/loop',
      case: 'softmax, 16,384 x 10',
      what: 'relaxed SIMD, than the plain loop',
      ...{
        unit: 'x',
        bound: 'at least',
        limit: 6,
        verdict: 'not measured',
        close: false,
        reason: 'not in this runtime',
      },
    });
    expect(targets.find(({ id }) => id === 'c10/plain-loop')).toMatchObject({ verdict: 'missed', measured: 1 });
    expect(timesText(results)).toContain('wasm-relaxed-simd: not in this runtime');
  });

  test('of which an output is wrong names it', async () => {
    const wrong: RunJob = () => Promise.reject(new JobFailure('wrong', 'wasm-simd: off by 7'));
    const record = kernelsRecord(new Date(0), await measured(wrong, chooseGroups('call')), facts);
    expect(record.verdict).toEqual({
      status: 'wrong',
      reasons: [{ gate: 'output', message: 'softmax, 32 x 10, one call: wasm-simd: off by 7' }],
    });
    expect(record.benchmarks.map(({ axes, status }) => [axes.engine, status])).toEqual([['wasm-simd', 'wrong']]);
  });
});

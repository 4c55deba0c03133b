import { describe, expect, test } from 'vitest';
import { reportOf } from '../../testing-measure/jobs.js';
import { kernelsMarkdown, kernelsText } from './kernels-table.js';
import { chooseGroups, KERNEL_GROUPS } from './kernels-suite.js';
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
    expect(ids('BINARY')).toEqual(['binary']);
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

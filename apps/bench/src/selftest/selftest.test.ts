import { describe, expect, test } from 'vitest';
import { summarise } from './commands.js';
import type { RoundResult } from './rounds.js';

const rounds = (...verdicts: RoundResult['verdict'][]): RoundResult[] =>
  verdicts.map((verdict) => ({ row: 'row', verdict, ratio: 1 }));
const many = (count: number, verdict: RoundResult['verdict']): RoundResult[] =>
  rounds(...Array<RoundResult['verdict']>(count).fill(verdict));

describe('a self-test', () => {
  test('of equal builds fails by a single difference, in either direction', () => {
    expect(summarise(new Date(0), [...many(30, 'same'), ...many(10, 'inconclusive')])).toMatchObject({
      kind: 'aa',
      found: 0,
      inconclusive: 10,
      passed: true,
    });
    expect(summarise(new Date(0), [...many(39, 'same'), ...rounds('better')])).toMatchObject({
      found: 1,
      passed: false,
    });
    expect(summarise(new Date(0), [])).toMatchObject({ passed: false });
  });

  test('of an injected slowdown passes with 38 of 40 found', () => {
    expect(summarise(new Date(0), [...many(38, 'worse'), ...many(2, 'inconclusive')], 1.05)).toMatchObject({
      kind: 'inject',
      factor: 1.05,
      found: 38,
      passed: true,
    });
    expect(summarise(new Date(0), [...many(37, 'worse'), ...many(3, 'better')], 1.05)).toMatchObject({
      found: 37,
      passed: false,
    });
  });
});

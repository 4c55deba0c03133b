import { describe, expect, it } from 'vitest';
import type { CaseFile } from './read-cases.js';
import { reportJson, reportText, succeeded } from './report.js';
import { runFile, total } from './run-file.js';

const right = {
  id: 'right',
  loss: 'binary',
  inputs: { kind: 'logits', dims: [1], data: [0] },
  targets: { kind: 'probabilities', dims: [1], data: [1] },
  options: { reduction: 'sum' },
  expected: { loss: Math.LN2 },
  tolerance: { rtol: 1e-15, atol: 0, lossUlp: 4 },
};
const wrong = { ...right, id: 'wrong', expected: { loss: 'NaN' } };
const file = (...cases: unknown[]): CaseFile => ({ name: 'some.json', source: 'made here', cases });
const unreadable: CaseFile = { name: 'bad.json', source: '', cases: [], problem: 'no list "cases"' };

describe('runFile', () => {
  it('counts outcomes and keeps the largest errors of what passed', () => {
    const report = runFile(file(right, wrong, { id: 'later', loss: 'hinge' }));
    expect(report).toMatchObject({ file: 'some.json', cases: 3, lossUlps: 0, share: 0 });
    expect(report.counts).toEqual({ passed: 1, failed: 1, refused: 0, 'other definition': 0, 'not yet': 1 });
  });

  it('counts a file that cannot be read as a failure', () => {
    expect(runFile(unreadable).counts.failed).toBe(1);
  });

  it('refuses an engine that is not there', () => {
    expect(runFile(file(right), 'no such engine').counts.failed).toBe(1);
  });
});

describe('succeeded', () => {
  it.each([
    ['one passed', [file(right)], true],
    ['one failed', [file(right, wrong)], false],
    ['nothing ran', [file({ id: 'later', loss: 'hinge' })], false],
    ['no files', [], false],
    ['a file cannot be read', [file(right), unreadable], false],
  ])('when %s: %#', (_, files, expected) => {
    expect(succeeded(files.map((given) => runFile(given)))).toBe(expected);
  });
});

describe('reportText', () => {
  const reports = [file(right, wrong), file({ id: 'a', loss: 'hinge' }, { id: 'b', loss: 'hinge' }), unreadable].map(
    (given) => runFile(given),
  );

  it('ends with the total, alone on its line', () => {
    expect(reportText(reports, false).split('\n').at(-1)).toBe('1 passed, 2 failed');
    expect(total(reports)).toMatchObject({ passed: 1, failed: 2 });
  });

  it('lists failures with their reasons, and what is missing by name', () => {
    const text = reportText(reports, false);
    expect(text).toContain('Failed:\n  wrong: loss: expected NaN, got 0.6931471805599453\n  bad.json: no list "cases"');
    expect(text).toContain('Not yet:\n  hinge: 2');
    expect(text).not.toContain('Refused');
  });

  it('lists every case when asked', () => {
    expect(reportText(reports, true)).toContain('Cases:\n  passed: right: 0 of the tolerance\n  failed: wrong: loss:');
  });
});

describe('reportJson', () => {
  it('keeps infinite errors', () => {
    const json: unknown = JSON.parse(reportJson([runFile(file(wrong))]));
    expect(json).toMatchObject({
      version: 1,
      total: { passed: 0, failed: 1 },
      files: [{ file: 'some.json', outcomes: [{ id: 'wrong', status: 'failed', share: 'Infinity' }] }],
    });
  });
});

// The gate over real builds: packages compiled from their sources, faults planted in some, the real program.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomNumbers } from '@surprisal/reference';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { readBudgets } from '../budgets/read-budgets.js';
import { readRecord } from '../records/record-text.js';
import { makeBuild, type Edit, type MadeBuild } from '../testing-gate/make-build.js';
import { softmaxWith } from '../testing-gate/plant-fault.js';
import { runMain, type Ended } from '../testing-gate/run-main.js';

/** A build and a run of the program take seconds each, more on a busy machine. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
/** Chooses one loss of one shape, in both types, by three engines. */
const FEW = 'categoricalCrossEntropy, 10 classes';
const PACKAGE = '@surprisal/categorical';

let folder = '';
let build: MadeBuild;
const builds: MadeBuild[] = [];
const budgets = (): string => join(folder, 'budgets.json');

async function made(edit?: Edit): Promise<MadeBuild> {
  const one = await makeBuild(edit);
  builds.push(one);
  return one;
}

function check(...args: readonly string[]): Promise<Ended> {
  return runMain(build.main, ['check', '--budgets', budgets(), ...args], folder);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-test-'));
  build = await made();
  for (const only of [FEW, PACKAGE]) await check('--write-budgets', '--build', build.folder, '--only', only);
});
afterAll(() => Promise.all([...builds.map(({ remove }) => remove()), rm(folder, { recursive: true, force: true })]));

describe('budgets written anew', () => {
  test('are of every row and package measured, none above the documented bound', () => {
    const { accuracy, sizes } = readBudgets(budgets());
    expect(Object.keys(sizes)).toEqual([PACKAGE]);
    const engines = ['typescript', 'wasm-relaxed-simd', 'wasm-simd'];
    expect(Object.keys(accuracy).map((id) => id.replace(/^.*and-gradient\//, ''))).toEqual(
      ['float32', 'float64'].flatMap((type) =>
        engines.flatMap((engine) =>
          ['gradient', 'value'].map((quantity) => `${type}/3990x10/margins/surprisal:${engine}/${quantity}-error`),
        ),
      ),
    );
    const bounds = (id: string): number => (id.includes('float64') ? 8 : id.includes('typescript') ? 1.5 : 5);
    for (const [id, { largest, correctlyRounded }] of Object.entries(accuracy)) {
      expect(largest).toBeLessThanOrEqual(bounds(id));
      expect(correctlyRounded === undefined).toBe(id.includes('relaxed'));
    }
  });

  test('let the build pass that they were measured of, and say that times were not looked at', async () => {
    for (const only of [FEW, PACKAGE]) {
      const { code, out } = await check('--build', build.folder, '--only', only);
      expect(out).toContain('Passed.');
      expect(out).toContain('Time: not looked at, since no base was given to compare with.');
      expect(code).toBe(0);
    }
  });
});

/** A millionth of a coefficient, or a millionth. A millionth of the last ones changes no bit of any result. */
const COEFFICIENTS = [
  ['0.49999994,', `${0.49999994 * (1 + 1e-6)},`],
  ['0.16666517,', `${0.16666517 * (1 + 1e-6)},`],
  ['0.16666517,', `${0.16666517 - 1e-6},`],
  ['0.041668102,', `${0.041668102 + 1e-6},`],
  ['0.0083691655,', `${0.0083691655 + 1e-6},`],
  ['0.0013838002,', `${0.0013838002 + 1e-6},`],
] as const;

describe('the gate of accuracy', () => {
  test.each(COEFFICIENTS)(
    'finds %s of the exponential become %s, and names row, budget and measured value',
    async (text, replacement) => {
      const { folder: head } = await made(await softmaxWith(text, replacement));
      const { code, out } = await check('--build', head, '--only', FEW);
      expect(out).toContain('FAILED: wrong output.');
      expect(out).toMatch(
        /accuracy: categorical-cross-entropy@\w+\/value-and-gradient\/float32\/\d+x10\/margins\/surprisal:wasm-simd\/(?:value|gradient)-error: (?:the largest error is [\d.]+ ulp, the budget [\d.]+, at margins from|[\d.]+% of the \w+s are correctly rounded, the budget is [\d.]+% at least)/,
      );
      expect(code).toBe(4);
    },
  );

  test('finds one in the float64 arithmetic of the TypeScript engine, whose rows alone it names', async () => {
    const { folder: head } = await made((file, text) =>
      file.endsWith('scalar/exp-parts.ts') ? text.replace('0.4999999999994855', '0.4999999999994855 + 1e-6') : text,
    );
    const { code, out } = await check('--build', head, '--only', `${FEW}, float64`, '--json');
    const { verdict } = readRecord(out, 'standard output');
    expect(verdict.status).toBe('wrong');
    expect(verdict.reasons.map(({ id = '' }) => id.replace(/^.*and-gradient/, ''))).toEqual(
      ['value', 'gradient'].map((quantity) => `/float64/3990x10/margins/surprisal:typescript/${quantity}-error`),
    );
    expect(code).toBe(4);
  });
});

describe('the gate of sizes', () => {
  test('finds a package that grew by a kilobyte, and names it, its budget and its size', async () => {
    const random = randomNumbers(1);
    const letters = Array.from({ length: 1700 }, () => String.fromCharCode(97 + random.below(26))).join('');
    const { folder: head } = await made((file, text) =>
      file === 'packages/categorical/src/index.ts' ? `${text}\nexport const more = '${letters}';\n` : text,
    );
    const summary = join(folder, 'summary.md');
    const { code, out } = await check('--build', head, '--only', PACKAGE, '--summary', summary);
    const budget = readBudgets(budgets()).sizes[PACKAGE].gzipBytes;
    expect(out).toContain('FAILED: a regression.');
    expect(out).toMatch(new RegExp(`size: ${PACKAGE}: \\d+ bytes minified and compressed, the budget is ${budget}\\n`));
    expect(code).toBe(1);
    expect(await readFile(summary, 'utf8')).toMatch(/^## ❌ Regression: `@surprisal\/categorical: \d+ bytes/);
  });
});

describe('the gate of times', () => {
  test('compares with a base, and keeps what it found in the record', async () => {
    const record = join(folder, 'record.json');
    const { folder: base } = await made();
    const args = ['--build', build.folder, '--only', FEW.replace('10 classes', '1024'), '--quick'];
    const { code } = await check(base, ...args, '--processes', '2', '--record', record);
    const { compare, settings } = readRecord(await readFile(record, 'utf8'), record);
    expect(settings).toMatchObject({ suite: 'check quick', processes: 2 });
    expect(compare?.base.label).toBe(base);
    expect(compare?.rows.map(({ axes }) => axes.engine).sort()).toEqual([
      'typescript',
      'wasm-relaxed-simd',
      'wasm-simd',
    ]);
    // Equal builds are the same, or noise hides what they are.
    expect([0, 3]).toContain(code);
  });
});

describe('what cannot be checked', () => {
  const cases = [
    [['--budgets', 'none.json'], '"none.json" expected budgets, got no file that can be read'],
    [
      ['--budgets', 'new.json'],
      'new.json: "schema" expected "surprisal-bench/budgets@1", got "surprisal-bench/budgets@2"',
    ],
    [['--budgets', 'half.json'], /half\.json expected JSON, got text that is none: /],
    [['--budgets', 'text.json'], 'text.json: "sizes.a.gzipBytes" expected a value of type integer, got "NaN"'],
    [
      ['--build', 'nowhere'],
      "'nowhere' expected a checkout with compiled packages or a folder with @surprisal/* installed",
    ],
    [['--only', 'no such loss'], "option '--only <text>': no loss and no package holds 'no such loss'"],
    [
      ['--plugins', 'none.js'],
      "option '--plugins <file>': 'none.js' expected a module that exports plugins, got no file",
    ],
    [['no-such-ref'], "'no-such-ref' expected a folder with a build, a record, or a git ref"],
  ] as const;

  test.each(cases)('%j: a clear error, exit 2', async (args, message) => {
    const texts = {
      new: '{ "schema": "surprisal-bench/budgets@2" }',
      half: '{ "schema": "surpr',
      text: '{ "schema": "surprisal-bench/budgets@1", "accuracy": {}, "sizes": { "a": { "gzipBytes": "NaN" } } }',
    };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.json`), text);
    const { code, error } = await runMain(build.main, ['check', '--build', build.folder, ...args], folder);
    expect(error).toMatch(message);
    expect(error).not.toContain('the bench failed');
    expect(code).toBe(2);
  });

  test.skipIf(!existsSync('/dev/full'))(
    'a record on a full disk: the result is shown, then a clear error',
    async () => {
      const { code, out, error } = await check('--build', build.folder, '--only', PACKAGE, '--record', '/dev/full');
      expect(out).toContain('Passed.');
      expect(error.trim()).toBe('error: "/dev/full" cannot be written: ENOSPC: no space left on device, write');
      expect(code).toBe(2);
    },
  );
});

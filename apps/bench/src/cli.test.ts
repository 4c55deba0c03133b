import { describe, expect, test } from 'vitest';
import { runCommandLine } from './cli.js';
import { runBench } from './run-bench.js';
import type { Bench } from './table-command.js';
import { basics, slightlyWrong } from './testing.js';

/** The bench on a few examples. */
const small: Bench = (plugins, options) =>
  runBench(plugins, { ...options, limit: 200, timing: { repeats: 1, batchMilliseconds: 0 } });

async function run(args: readonly string[], plugins: Parameters<Bench>[0] = basics, bench = small) {
  const [out, error]: string[][] = [[], []];
  const code = await runCommandLine(
    args,
    plugins,
    { out: (text) => out.push(text), error: (text) => error.push(text) },
    bench,
  );
  return { code, out: out.join('\n'), error: error.join('\n') };
}

describe('the command line', () => {
  test('runs by default, and exits with 0 when all outputs are within their bounds', async () => {
    const { code, out, error } = await run(['--only', 'spread others', '--rows', '3']);
    expect(code).toBe(0);
    expect(out).toContain('Losses within their documented error bounds: all 2.');
    expect(error).toBe('');
  });

  test('lists losses in one wrapper at most; in two with --pairs, and where --only names them', async () => {
    const losses = async (...args: string[]): Promise<string[]> => {
      const { out } = await run(['--json', '--rows', '1', ...args]);
      return (JSON.parse(out) as { losses: { composition: string }[] }).losses.map(({ composition }) => composition);
    };
    const pair = 'classWeighted(labelSmoothed(binaryCrossEntropy))';
    const byDefault = await losses();
    expect(byDefault).toContain('labelSmoothed(binaryCrossEntropy)');
    expect(byDefault).not.toContain(pair);
    expect(await losses('--pairs')).toContain(pair);
    expect(await losses('--only', pair)).toEqual([pair]);
  });

  test('prints JSON only with --json', async () => {
    const { code, out } = await run([
      'table',
      '--json',
      '--only',
      'categoricalCrossEntropy classes 10',
      '--rows',
      '3',
      '--seed',
      '5',
    ]);
    const report = JSON.parse(out) as {
      schema: string;
      seed: number;
      losses: unknown[];
      classifiers: { comparedRows: number }[];
    };
    expect(code).toBe(0);
    expect(report).toMatchObject({ schema: 'surprisal-bench/table@1', seed: 5, classifiers: [{ comparedRows: 3 }] });
    expect(report.losses).toHaveLength(1);
  });

  test('exits with 4 when an output is wrong', async () => {
    const { code, out } = await run(['--only', 'slightlyWrong', '--rows', '3'], [slightlyWrong]);
    expect(code).toBe(4);
    expect(out).toContain('1 of 1 losses');
  });

  test('exits with 70 when the bench itself fails', async () => {
    const broken: Bench = () => Promise.reject(new Error('no such data'));
    const { code, error } = await run([], basics, broken);
    expect(code).toBe(70);
    expect(error).toContain('error: the bench failed: Error: no such data');
  });

  test('explains its exit codes in the help, and exits with 0', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('4 an output is wrong');
  });

  test.each([
    [
      ['--rows', 'few'],
      "error: option '--rows <number>' argument 'few' is invalid. Expected a whole number from 1 on.",
    ],
    [['--rows', '0'], "error: option '--rows <number>' argument '0' is invalid. Expected a whole number from 1 on."],
    [
      ['--seed', '1.5'],
      "error: option '--seed <number>' argument '1.5' is invalid. Expected a whole number from 0 on.",
    ],
    [['--fast'], "error: unknown option '--fast'"],
    [
      ['--only', 'hinge'],
      `error: option '--only <text>': no loss holds 'hinge'. The registered plugins are ${basics.map(({ name }) => name).join(', ')}; compositions are written like labelSmoothed(categoricalCrossEntropy).`,
    ],
  ])('exits with 2 for %j', async (args, message) => {
    expect(await run(args)).toEqual({ code: 2, out: '', error: message });
  });
});

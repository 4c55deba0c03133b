import type { Command } from 'commander';
import type { Console } from '../console.js';
import { modulesOfBuild } from '../compare/modules-of-build.js';
import { newRecord } from '../record/new-record.js';
import { writeRecord } from '../records/record-text.js';
import type { Selftest } from '../records/run-record.js';
import { withInterruption } from '../suites/interruption.js';
import { wholeNumber } from '../whole-number.js';
import { copyBuild } from './copy-build.js';
import { selftestRounds, type RoundResult } from './rounds.js';

interface Options {
  readonly aa?: true;
  readonly inject?: number;
  readonly rounds: number;
  readonly processes: number;
  readonly seed: number;
  readonly json?: true;
}

const PACE = { blocks: 30, mostBlocks: 150, batchMilliseconds: 1, warmUpMilliseconds: 400 };
/** Of 40 injected slowdowns at least 38 are found, of 40 equal pairs none differs. */
const FOUND_SHARE = 0.95;

/** `selftest --aa` and `selftest --inject 1.05`. */
export function addSelftestCommand(program: Command, { out }: Console, exit: (code: number) => void): void {
  program
    .command('selftest')
    .description('Measures how often the harness reports a difference that is not there, or misses one that is.')
    .option('--aa', 'compare this build with a copy of itself: nothing may be found')
    .option('--inject <factor>', 'compare it with itself doing so many times the work: 1.05 must be found', Number)
    .option('--rounds <number>', 'comparisons', wholeNumber(1), 40)
    .option('--processes <number>', 'fresh processes of each comparison', wholeNumber(2), 8)
    .option('--seed <number>', 'seed of the order of blocks', wholeNumber(0), 1)
    .option('--json', 'print the record')
    .addHelpText('after', '\nExit codes: 0 passed, 1 false alarms or missed slowdowns, 2 wrong usage.')
    .action(async (options: Options, command: Command) => {
      const { inject } = options;
      if ((options.aa === true) === (inject !== undefined))
        command.error('error: selftest expects either --aa or --inject <factor>');
      if (inject !== undefined && !(inject > 1 && inject <= 2))
        command.error(`error: option '--inject <factor>' expected a number above 1, to 2, got ${inject}`);
      const time = new Date();
      const results = await runRounds(options);
      const selftest = summarise(time, results, inject);
      out(options.json ? recordText(time, selftest, options) : selftestText(selftest, results));
      exit(selftest.passed ? 0 : 1);
    });
}

async function runRounds({ rounds, processes, seed, inject }: Options): Promise<readonly RoundResult[]> {
  const [one, other] = [copyBuild(), copyBuild()];
  try {
    const sides = { base: modulesOfBuild(one.folder), head: modulesOfBuild(other.folder) };
    return await withInterruption((signal) =>
      selftestRounds({ rounds, processes, seed, factor: inject, sides, pace: PACE, peers: '', signal }),
    );
  } finally {
    one.remove();
    other.remove();
  }
}

/** Found: with an injected slowdown, that it was reported as slower; without, that anything was reported. */
export function summarise(time: Date, results: readonly RoundResult[], factor?: number): Selftest {
  const count = (...verdicts: RoundResult['verdict'][]): number =>
    results.filter(({ verdict }) => verdicts.includes(verdict)).length;
  const found = factor === undefined ? count('worse', 'better') : count('worse');
  const passed = results.length > 0 && (factor === undefined ? found === 0 : found >= FOUND_SHARE * results.length);
  return {
    kind: factor === undefined ? 'aa' : 'inject',
    time: time.toISOString(),
    rounds: results.length,
    found,
    inconclusive: count('inconclusive'),
    ...(factor !== undefined && { factor }),
    passed,
  };
}

function selftestText(
  { kind, rounds, found, inconclusive, factor, passed }: Selftest,
  results: readonly RoundResult[],
): string {
  const lines = results.map(({ row, verdict, ratio }) => `${ratio.toFixed(3)}  ${verdict.padEnd(12)} ${row}`);
  const what = kind === 'aa' ? 'equal builds: differences reported' : `a slowdown of ${factor ?? ''}: found`;
  return [
    ...lines,
    '',
    `${passed ? 'Passed' : 'FAILED'}, ${what} in ${found} of ${rounds} rounds, ${inconclusive ?? 0} inconclusive.`,
  ].join('\n');
}

function recordText(time: Date, selftest: Selftest, { seed, processes }: Options): string {
  const settings = { suite: 'selftest', seed, processes, blocks: PACE.blocks };
  const verdict = { status: selftest.passed ? 'ok' : 'inconclusive', reasons: [] } as const;
  return writeRecord(newRecord(time, { settings, verdict, selftests: [selftest] })).trimEnd();
}

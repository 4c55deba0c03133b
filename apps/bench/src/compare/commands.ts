import type { Command } from 'commander';
import type { Pace } from '../measure/protocol.js';
import type { Console } from '../console.js';
import type { Side as SideName } from '../records/compare-record.js';
import { writeRecord } from '../records/record-text.js';
import { wholeNumber } from '../whole-number.js';
import { runStages } from '../progress.js';
import { withInterruption } from '../suites/interruption.js';
import { compareBuilds, compareExitCode, type Comparison } from './compare-builds.js';
import { compareRecord } from './compare-record.js';
import { compareRecords } from './compare-records.js';
import { compareText } from './compare-table.js';
import { NoBuild } from './modules-of-build.js';
import { NoSide, resolveSide, type Side } from './resolve-side.js';

interface Options {
  readonly only?: string;
  readonly prepare?: string;
  readonly processes: number;
  readonly seed: number;
  readonly json?: true;
}

/** Student's interval of eight processes is what the false-alarm rate was measured with. */
export const PROCESSES = 8;
export const PACE: Pace = { blocks: 30, mostBlocks: 150, batchMilliseconds: 1, warmUpMilliseconds: 600 };

const EXIT_CODES = `
A side is a folder with a build, a git ref, which is built in a temporary worktree, or a record.
Exit codes: 0 no regression, 1 a regression was confirmed, 2 wrong usage, 3 inconclusive, 4 an output is wrong.`;

/** `compare <base> <head>`. */
export function addCompareCommand(program: Command, { out }: Console, exit: (code: number) => void): void {
  program
    .command('compare')
    .description('Measures two builds side by side in the same processes, and says which rows differ.')
    .argument('<base>', 'what to compare with')
    .argument('<head>', 'what may have become slower')
    .option('--only <text>', 'only rows whose loss or id holds this text')
    .option('--prepare <command>', 'installs and builds a git ref in its worktree; by default pnpm does')
    .option('--processes <number>', 'fresh processes of each group', wholeNumber(2), PROCESSES)
    .option('--seed <number>', 'seed of the order of blocks', wholeNumber(0), 1)
    .option('--json', 'print the record')
    .addHelpText('after', EXIT_CODES)
    .action(async (base: string, head: string, options: Options, command: Command) => {
      const time = new Date();
      const sides = await resolveSides([base, head], options.prepare, command);
      try {
        const comparison = await compareSides(sides, options);
        if (isEmpty(comparison)) command.error(`error: ${nothingCompared(options)}`);
        const { only, seed, processes } = options;
        const settings = {
          suite: 'compare',
          seed,
          processes,
          blocks: PACE.blocks,
          ...(only !== undefined && { only }),
        };
        const named = { base: nameOf(sides[0]), head: nameOf(sides[1]) };
        out(
          options.json
            ? writeRecord(compareRecord(time, comparison, named, settings)).trimEnd()
            : compareText(comparison),
        );
        exit(compareExitCode(comparison));
      } finally {
        for (const side of sides) if (side.kind === 'build') await side.remove();
      }
    });
}

function isEmpty({ rows, failures, complete }: Comparison): boolean {
  return complete && rows.length + failures.length === 0;
}

function nothingCompared({ only }: Options): string {
  return only === undefined
    ? 'the two sides have no row in common'
    : `option '--only <text>': no row of both sides holds '${only}'`;
}

async function resolveSides(
  [base, head]: readonly [string, string],
  prepare: string | undefined,
  command: Command,
): Promise<[Side, Side]> {
  const sides: Side[] = [];
  try {
    await runStages(
      [base, head].map((label) => ({
        title: `prepare ${label}`,
        run: async (note) => void sides.push(await resolveSide(label, (text) => void note(text), prepare)),
      })),
    );
  } catch (error) {
    for (const side of sides) if (side.kind === 'build') await side.remove();
    if (error instanceof NoSide || error instanceof NoBuild) command.error(`error: ${error.message}`);
    throw error;
  }
  const [one, other] = sides;
  if (one === undefined || one.kind !== other?.kind)
    return command.error('error: a record is compared with a record only');
  return [one, other];
}

function compareSides([base, head]: readonly [Side, Side], options: Options): Promise<Comparison> {
  if (base.kind === 'record' && head.kind === 'record')
    return Promise.resolve(compareRecords(base.record, head.record));
  const modules = (side: Side): readonly string[] => (side.kind === 'build' ? side.modules : []);
  const sides = { base: modules(base), head: modules(head) };
  return withInterruption((signal) => compareBuilds({ ...options, sides, pace: PACE, peers: '', signal }));
}

function nameOf(side: Side): SideName {
  const { label } = side;
  return side.kind === 'build' && side.commit !== undefined ? { label, commit: side.commit } : { label };
}

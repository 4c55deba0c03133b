import type { Plugin } from '@surprisal/core';
import { Command, CommanderError, Option } from 'commander';
import { addCompareCommand } from './compare/commands.js';
import type { Console } from './console.js';
import { addDoctorCommand } from './doctor/commands.js';
import { addExportCommand } from './exports/commands.js';
import { addHistoryCommand, addPublishCommand } from './history/commands.js';
import { HistoryError } from './history/history-error.js';
import { ownModules } from './measure/load-plugins.js';
import { addPeersCommand } from './peers/commands.js';
import { PEERS_FOLDER } from './peers/peers-folder.js';
import { RecordError } from './records/record-error.js';
import { reportJson } from './report-json.js';
import { chooseRows, exitCodeOf, runBench, type BenchOptions, type BenchResult } from './run-bench.js';
import { measureShapeApart, SHAPES } from './shapes.js';
import { shapesText } from './shapes-table.js';
import { addSelftestCommand } from './selftest/commands.js';
import { runKernels } from './suites/kernels/run-kernels.js';
import { tableText } from './table.js';
import { wholeNumber } from './whole-number.js';

interface RunOptions {
  readonly suite: 'losses' | 'kernels';
  readonly only?: string;
  readonly seed: number;
  readonly rows: number;
  readonly json?: true;
  readonly quick?: true;
  readonly markdown?: true;
  readonly processes?: number;
  readonly peers: string;
}

/** Runs a bench; another one in tests. */
export type Bench = (plugins: readonly Plugin[], options: BenchOptions) => Promise<BenchResult>;

/** Usage errors: what the caller can mend. */
const USAGE = 2;
/** The bench itself failed (EX_SOFTWARE of sysexits.h): not one of the verdicts below it. */
const BROKEN = 70;

const EXIT_CODES = `
Exit codes: 0 all outputs are within their bounds, 2 wrong usage, 4 an output is wrong, 70 the bench itself failed.`;

/** Runs the command line over a registry's plugins; resolves to the exit code. */
export async function runCommandLine(
  args: readonly string[],
  plugins: readonly Plugin[],
  { out, error }: Console,
  bench: Bench = runBench,
): Promise<number> {
  let code = 0;
  const program = new Command('surprisal-bench')
    .description('Compares what the losses return and how long they take.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => error(text.trimEnd()) });
  program
    .command('run', { isDefault: true })
    .description('Trains two classifiers, and compares every registered loss on their held-out logits.')
    .addOption(new Option('--suite <name>', 'what to measure').choices(['losses', 'kernels']).default('losses'))
    .option('--quick', 'within a minute, with wider intervals')
    .option('--markdown', 'print the table in Markdown (kernels)')
    .option('--processes <number>', 'fresh processes for each group', wholeNumber(1))
    .option('--peers <folder>', 'where peers are installed', PEERS_FOLDER)
    .option('--only <text>', 'only losses whose composition or options hold this text')
    .option('--seed <number>', 'seed of the split, the training order and the sample', wholeNumber(0), 1)
    .option('--rows <number>', 'held-out rows to compare with exact results, of each classifier', wholeNumber(1), 500)
    .option('--json', 'print what a program reads')
    .action(async (options: RunOptions, command: Command) => {
      if (options.suite === 'kernels') {
        code = await runKernels({ ...options, sides: { main: ownModules() } }, { out, error });
        return;
      }
      const { rows, skipped } = chooseRows(plugins, options.only);
      if (rows.length + skipped.length === 0) command.error(nothingChosen(plugins, options.only ?? ''));
      const result = await bench(plugins, options);
      out(options.json ? reportJson(result) : tableText(result));
      code = exitCodeOf(result);
    });
  program
    .command('shapes')
    .description('Times value and gradient against the plain loop over batches of many shapes.')
    .option('--json', 'print what a program reads')
    .action(async ({ json }: Pick<RunOptions, 'json'>) => {
      const times = [];
      for (const shape of SHAPES) times.push(...(await measureShapeApart(shape)));
      out(json ? JSON.stringify({ schema: 'surprisal-bench/shapes@2', shapes: times }, null, 2) : shapesText(times));
    });
  addPublishCommand(program, out);
  addHistoryCommand(program, out);
  addExportCommand(program, out);
  const exit = (of: number): void => void (code = of);
  addPeersCommand(program, { out, error }, exit);
  addCompareCommand(program, { out, error }, exit);
  addSelftestCommand(program, { out, error }, exit);
  addDoctorCommand(program, { out, error }, exit);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : USAGE;
    if (thrown instanceof RecordError || thrown instanceof HistoryError) {
      error(`error: ${thrown.message}`);
      return USAGE;
    }
    error(`error: the bench failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    return BROKEN;
  }
  return code;
}

function nothingChosen(plugins: readonly Plugin[], only: string): string {
  const names = plugins.map(({ name }) => name).join(', ');
  return `error: option '--only <text>': no loss holds '${only}'. The registered plugins are ${names}; compositions are written like labelSmoothed(categoricalCrossEntropy).`;
}

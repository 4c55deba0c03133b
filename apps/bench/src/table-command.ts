import type { Plugin } from '@surprisal/core';
import type { Command } from 'commander';
import type { Console } from './console.js';
import { reportJson } from './report-json.js';
import { chooseRows, exitCodeOf, runBench, type BenchOptions, type BenchResult } from './run-bench.js';
import { tableText } from './table.js';
import { wholeNumber } from './whole-number.js';

/** Runs a bench; another one in tests. */
export type Bench = (plugins: readonly Plugin[], options: BenchOptions) => Promise<BenchResult>;

interface TableOptions {
  readonly only?: string;
  readonly pairs?: true;
  readonly seed: number;
  readonly rows: number;
  readonly json?: true;
}

/** `table`, and what the program does without a verb. */
export function addTableCommand(
  program: Command,
  plugins: readonly Plugin[],
  { out }: Console,
  exit: (code: number) => void,
  bench: Bench = runBench,
): void {
  program
    .command('table', { isDefault: true })
    .description('Trains two classifiers, and compares every registered loss on their held-out logits.')
    .option('--only <text>', 'only losses whose composition or options hold this text, of what is wrapped twice too')
    .option('--pairs', 'with every loss in two wrappers; in one at most by default')
    .option('--seed <number>', 'seed of the split, the training order and the sample', wholeNumber(0), 1)
    .option('--rows <number>', 'held-out rows to compare with exact results, of each classifier', wholeNumber(1), 100)
    .option('--json', 'print what a program reads')
    .action(async (options: TableOptions, command: Command) => {
      const { rows, skipped } = chooseRows(plugins, options);
      if (rows.length + skipped.length === 0) command.error(nothingChosen(plugins, options.only ?? ''));
      const result = await bench(plugins, options);
      out(options.json ? reportJson(result) : tableText(result));
      exit(exitCodeOf(result));
    });
}

/** What is said where `--only` leaves nothing. */
export function nothingChosen(plugins: readonly Plugin[], only: string): string {
  const names = plugins.map(({ name }) => name).join(', ');
  return `error: option '--only <text>': no loss holds '${only}'. The registered plugins are ${names}; compositions are written like labelSmoothed(categoricalCrossEntropy).`;
}

import type { Plugin } from '@surprisal/core';
import { Option, type Command } from 'commander';
import { chosenBudgets } from '../budgets/chosen-budgets.js';
import type { Console } from '../console.js';
import { curvesOf } from '../page/curves.js';
import { peerVersions } from '../peers/peer-versions.js';
import { PEERS_FOLDER } from '../peers/peers-folder.js';
import { accuracyGroups, type AccuracyGroup } from '../accuracy/accuracy-groups.js';
import { gather, loadPluginFiles, NoPlugins, type LoadedPlugins } from '../plugin-files.js';
import { writeRecord } from '../records/record-text.js';
import { writeTextFile } from '../records/write-file.js';
import { nothingChosen } from '../table-command.js';
import { ownSizes } from '../sizes/own-sizes.js';
import { wholeNumber } from '../whole-number.js';
import { withInterruption } from './interruption.js';
import { runKernels } from './kernels/run-kernels.js';
import { lossesRecord } from './losses/losses-record.js';
import { lossesText } from './losses/losses-table.js';
import { chooseLossGroups, reasonsOf, runLosses } from './losses/run-losses.js';
import { FULL, QUICK } from './pace.js';

interface RunOptions {
  readonly suite: 'all' | 'losses' | 'accuracy' | 'kernels';
  readonly only?: string;
  readonly plugins?: readonly string[];
  readonly seed: number;
  readonly json?: true;
  readonly record?: string;
  readonly quick?: true;
  readonly markdown?: true;
  readonly processes?: number;
  readonly peers: string;
  readonly budgets?: string;
}

const EXIT_CODES = `
Exit codes: 0 all outputs are within their bounds and budgets, 2 wrong usage, 4 an output is wrong or an error over its budget.`;

/** `run`: measures a suite, and makes one record of it. */
export function addRunCommand(program: Command, console: Console, exit: (code: number) => void): void {
  program
    .command('run')
    .description('Measures every loss by every engine and peer in fresh processes, outputs first, and makes a record.')
    .addOption(
      new Option('--suite <name>', 'what to measure').choices(['all', 'losses', 'accuracy', 'kernels']).default('all'),
    )
    .option('--quick', 'within a minute: one process, so no intervals, fewer rows, no peers')
    .option('--only <text>', 'only losses whose title or id holds this text (kernels: ids of groups, with commas)')
    .option('--plugins <file>', 'a module that exports plugins, measured beside ours; may be given again', gather)
    .option(
      '--budgets <file>',
      'budgets of accuracy, schema surprisal-bench/budgets@1; by default those of our packages',
    )
    .option('--processes <number>', 'fresh processes for each group', wholeNumber(1))
    .option('--peers <folder>', 'where peers are installed', PEERS_FOLDER)
    .option('--seed <number>', 'seed of data, samples and the order of blocks', wholeNumber(0), 1)
    .option('--json', 'print the record and nothing else')
    .option('--record <file>', 'write the record into a file')
    .option('--markdown', 'print the table in Markdown (kernels)')
    .addHelpText('after', EXIT_CODES)
    .action(async (options: RunOptions, command: Command) => {
      const loaded = await pluginsOf(options, command);
      exit(
        options.suite === 'kernels'
          ? await runKernels({ ...options, sides: { main: loaded.modules }, registry: loaded.registry }, console)
          : await runLossSuite(loaded, options, console, command),
      );
    });
}

async function pluginsOf({ plugins }: RunOptions, command: Command): Promise<LoadedPlugins> {
  try {
    return await loadPluginFiles(plugins);
  } catch (error) {
    if (error instanceof NoPlugins) return command.error(`error: ${error.message}`);
    throw error;
  }
}

async function runLossSuite(
  { registry, modules }: LoadedPlugins,
  options: RunOptions,
  { out, error }: Console,
  command: Command,
): Promise<0 | 4> {
  const time = new Date();
  const quick = options.quick === true;
  const { only, suite } = options;
  const times = suite === 'accuracy' ? [] : chooseLossGroups(registry.plugins, quick, only);
  const errors = suite === 'losses' ? [] : chooseAccuracyGroups(registry.plugins, quick, only);
  if (times.length + errors.length === 0) command.error(nothingChosen(registry.plugins, only ?? ''));
  const effort = quick ? QUICK : FULL;
  const processes = options.processes ?? effort.processes;
  const { seed, peers } = options;
  const budgets = chosenBudgets(options.budgets);
  const result = await withInterruption((signal) =>
    runLosses(
      { times, errors },
      {
        quick,
        processes,
        pace: effort.pace,
        time: only === undefined ? effort.time : undefined,
        seed,
        peers,
        budgets,
        sides: { main: modules },
        signal,
      },
    ),
  );
  const settings = {
    suite: `${suite === 'all' ? '' : `${suite} `}${quick ? 'quick' : 'full'}`,
    seed,
    processes,
    blocks: effort.pace.blocks,
    ...(only !== undefined && { only }),
    plugins: registry.names,
  };
  const record = lossesRecord(time, result, settings, await peerVersions(peers), curvesOf(registry.plugins));
  const text = writeRecord({ ...record, sizes: await ownSizes(options.plugins) });
  out(options.json ? text.trimEnd() : lossesText(result));
  if (options.record !== undefined) writeTextFile(options.record, text);
  if (!result.complete) error('ended by Ctrl-C: the record holds what was finished');
  return reasonsOf(result).length > 0 ? 4 : 0;
}

function chooseAccuracyGroups(plugins: readonly Plugin[], quick: boolean, only = ''): AccuracyGroup[] {
  const text = only.toLowerCase();
  return accuracyGroups(plugins, { quick }).filter(({ id, title }) => `${title} ${id}`.toLowerCase().includes(text));
}

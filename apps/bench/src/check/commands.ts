import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { NO_BUDGETS, type Budgets } from '../budgets/budgets.js';
import { chosenBudgets, OWN_BUDGETS } from '../budgets/chosen-budgets.js';
import { budgetsOf, writeBudgets } from '../budgets/write-budgets.js';
import { PACE, PROCESSES } from '../compare/commands.js';
import { NoBuild } from '../compare/modules-of-build.js';
import { NoSide } from '../compare/resolve-side.js';
import type { Console } from '../console.js';
import { githubMarkdown } from '../exports/github-markdown.js';
import { gather, NoPlugins } from '../plugin-files.js';
import { writeRecord } from '../records/record-text.js';
import { appendTextFile, writeTextFile } from '../records/write-file.js';
import { withInterruption } from '../suites/interruption.js';
import { wholeNumber } from '../whole-number.js';
import { checkText } from './check-text.js';
import { checkedRecord } from './checked-record.js';
import { EXIT_CODES, faultsOf, statusOf } from './gates.js';
import { baseSide, headSide, type PreparedBase } from './prepare-sides.js';
import { runCheck, type Checked } from './run-check.js';

interface Options {
  readonly build?: string;
  readonly budgets?: string;
  readonly writeBudgets?: true;
  readonly plugins?: readonly string[];
  readonly prepare?: string;
  readonly only?: string;
  readonly quick?: true;
  readonly processes: number;
  readonly seed: number;
  readonly json?: true;
  readonly record?: string;
  readonly summary?: string;
}

const HELP = `
The gates, in order: outputs, errors against budgets, sizes against budgets, times against the base with Holm's
correction and a confirming rerun in fresh processes. Without a base times are not looked at.
Exit codes: 0 passed, 1 a regression was confirmed or a size is over its budget, 2 wrong usage, 3 inconclusive,
4 an output is wrong or an error over its budget.`;

/** `check [base]`. */
export function addCheckCommand(program: Command, console: Console, exit: (code: number) => void): void {
  program
    .command('check')
    .description('The gate: outputs, errors and sizes against committed budgets, times against a base.')
    .argument('[base]', 'what to compare times with: a folder with a build, or a git ref, which is built')
    .option(
      '--build <folder>',
      'what to check; by default the build in the current folder, else the installed packages',
    )
    .option('--budgets <file>', 'budgets, schema surprisal-bench/budgets@1; by default those of our packages')
    .option('--write-budgets', 'write the budgets anew, as close as they may be to what was measured')
    .option('--plugins <file>', 'a module that exports plugins, checked beside ours; may be given again', gather)
    .option('--prepare <command>', 'installs and builds the base in its worktree; by default pnpm does')
    .option('--only <text>', 'only losses whose title or id, and packages whose name, hold this text')
    .option('--quick', 'only losses without wrappers are timed')
    .option('--processes <number>', 'fresh processes of each group that is timed', wholeNumber(2), PROCESSES)
    .option('--seed <number>', 'seed of the order of blocks', wholeNumber(0), 1)
    .option('--json', 'print the record and nothing else')
    .option('--record <file>', 'write the record into a file')
    .option('--summary <file>', 'add the result to a file, as GitHub shows it')
    .addHelpText('after', HELP)
    .action(async (base: string | undefined, options: Options, command: Command) => {
      try {
        exit(await check(base, options, console, command));
      } catch (error) {
        if (error instanceof NoSide || error instanceof NoBuild || error instanceof NoPlugins)
          command.error(`error: ${error.message}`);
        throw error;
      }
    });
}

async function check(base: string | undefined, options: Options, console: Console, command: Command): Promise<number> {
  const time = new Date();
  const { plugins = [], only } = options;
  const file = options.budgets ?? OWN_BUDGETS;
  const budgets = existsSync(file) || !options.writeBudgets ? chosenBudgets(options.budgets) : NO_BUDGETS;
  const head = await headSide(options.build, plugins);
  const prepared = base === undefined ? undefined : await baseSide(base, plugins, options.prepare);
  try {
    const checked = await withInterruption((signal) =>
      runCheck({
        ...{ head, base: prepared?.side, budgets: options.writeBudgets ? NO_BUDGETS : budgets, only, signal },
        ...{ quick: options.quick === true, processes: options.processes, seed: options.seed, pace: PACE, peers: '' },
      }),
    );
    if (isEmpty(checked)) command.error(`error: option '--only <text>': no loss and no package holds '${only ?? ''}'`);
    if (options.writeBudgets) return renew(file, checked, { budgets, options, console });
    return report(time, checked, prepared, { head: head.folder, options, console });
  } finally {
    await prepared?.remove();
  }
}

function isEmpty({ accuracy, sizes, comparison, complete }: Checked): boolean {
  return complete && accuracy.length + sizes.length + (comparison?.rows.length ?? 0) === 0;
}

function renew(
  file: string,
  checked: Checked,
  { budgets, options, console }: { readonly budgets: Budgets; readonly options: Options; readonly console: Console },
): number {
  const whole = checked.complete && options.only === undefined;
  const { accuracy, sizes } = checked;
  writeBudgets(file, budgetsOf({ accuracy: accuracy.flatMap(({ rows }) => rows), sizes, whole }, budgets));
  const faults = faultsOf(checked);
  for (const { message } of faults) console.error(`over its documented bound, which stays its budget: ${message}`);
  console.out(`Wrote ${file}`);
  return faults.length > 0 ? EXIT_CODES.wrong : EXIT_CODES.ok;
}

interface Reported {
  readonly head: string;
  readonly options: Options;
  readonly console: Console;
}

function report(
  time: Date,
  checked: Checked,
  base: PreparedBase | undefined,
  { head, options, console: { out } }: Reported,
): number {
  const { seed, processes, only, quick } = options;
  const settings = {
    suite: quick ? 'check quick' : 'check',
    ...{ seed, processes, blocks: PACE.blocks },
    ...(only !== undefined && { only }),
  };
  const sides = { base: base?.name ?? { label: 'none' }, head: { label: head } };
  const record = checkedRecord(time, checked, settings, sides);
  const text = writeRecord(record);
  // First what cannot fail: the result is not lost where a disk is full.
  out(options.json ? text.trimEnd() : checkText(checked, base !== undefined));
  if (options.record !== undefined) writeTextFile(options.record, text);
  if (options.summary !== undefined) appendTextFile(options.summary, githubMarkdown(record, 'summary'));
  return EXIT_CODES[statusOf(checked)];
}

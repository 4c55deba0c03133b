import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import type { Console } from '../console.js';
import { fetchBase } from './fetch-base.js';

/** Runs the program with other arguments; resolves to the exit code. */
export type RunProgram = (args: readonly string[]) => Promise<number>;

interface Options {
  readonly event: string;
  readonly base?: string;
  readonly build?: string;
  readonly budgets?: string;
  readonly plugins?: readonly string[];
  readonly prepare?: string;
  readonly only?: string;
  readonly effort?: string;
  readonly out?: string;
  readonly summary?: string;
  readonly branch?: string;
  readonly remote?: string;
}

const HELP = `
Does what the workflow does, anywhere. Every option may come from the environment instead.
On a pull request: check against the base, with a summary. Otherwise: run, publish to the data branch, build the page.
Exit codes: those of check and of run; 0 passed, 1 regression, 2 wrong usage, 3 inconclusive, 4 wrong output.`;

/** `ci`: what a workflow calls. */
export function addCiCommand(
  program: Command,
  runProgram: RunProgram,
  console: Console,
  exit: (code: number) => void,
): void {
  const option = (flags: string, description: string, variable: string): Option =>
    new Option(flags, description).env(variable);
  program
    .command('ci')
    .description('What continuous integration does: check of a pull request; run, publish and page of a branch.')
    .addOption(option('--event <name>', 'pull_request, or any other', 'GITHUB_EVENT_NAME').makeOptionMandatory())
    .addOption(option('--base <ref>', 'what a pull request is compared with', 'BENCH_BASE'))
    .addOption(option('--build <folder>', 'as of check', 'BENCH_BUILD'))
    .addOption(option('--budgets <file>', 'as of check', 'BENCH_BUDGETS'))
    .addOption(option('--plugins <files>', 'files of plugins, one a line', 'BENCH_PLUGINS').argParser(gatherLines))
    .addOption(option('--prepare <command>', 'as of check', 'BENCH_PREPARE'))
    .addOption(option('--only <text>', 'as of check and run', 'BENCH_ONLY'))
    .addOption(option('--effort <name>', 'quick, or full by default', 'BENCH_EFFORT'))
    .addOption(option('--out <folder>', 'for the record and the page; bench-out by default', 'BENCH_OUT'))
    .addOption(option('--summary <file>', 'add the result to a file', 'GITHUB_STEP_SUMMARY'))
    .addOption(option('--branch <name>', 'data branch; bench-data by default', 'BENCH_BRANCH'))
    .addOption(option('--remote <name>', 'where to push it; origin by default', 'BENCH_REMOTE'))
    .addHelpText('after', HELP)
    .action(async (given: Options) => {
      const options = withoutEmpty(given);
      mkdirSync(options.out ?? OUT, { recursive: true });
      exit(
        options.event === 'pull_request'
          ? await checkPullRequest(options, runProgram, console)
          : await publishRun(options, runProgram),
      );
    });
}

const OUT = 'bench-out';
const REMOTE = 'origin';

/** Lines of one value, and values given more than once. */
function gatherLines(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split('\n').map((line) => line.trim())].filter((line) => line !== '');
}

/** An input that nobody gave is an empty text in the environment. */
function withoutEmpty(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== '')) as unknown as Options;
}

async function checkPullRequest(options: Options, run: RunProgram, { error }: Console): Promise<number> {
  const { base, build, budgets, prepare, out = OUT, summary, remote = REMOTE } = options;
  if (base === undefined) error('no base was given: times are not looked at');
  return run([
    'check',
    ...(base === undefined ? [] : [await fetchBase(base, remote)]),
    ...named({ build, budgets, prepare, summary, record: join(out, 'record.json') }),
    ...measured(options),
  ]);
}

/** What was measured is published whatever it says; the exit code says it too. */
async function publishRun(options: Options, run: RunProgram): Promise<number> {
  const { out = OUT, branch = 'bench-data', remote = REMOTE, summary, budgets } = options;
  const record = join(out, 'record.json');
  const found = await run(['run', '--record', record, ...named({ budgets }), ...measured(options)]);
  if (found !== 0 && found !== 4) return found;
  const steps = [
    ...(summary === undefined ? [] : [['export', 'github-summary', record, '--append', summary]]),
    ['publish', record, '--branch', branch, '--push', remote],
    ['report', record, '--branch', branch, '--out', join(out, 'index.html')],
  ];
  for (const step of steps) {
    const code = await run(step);
    if (code !== 0) return code;
  }
  return found;
}

function measured({ plugins = [], only, effort }: Options): string[] {
  return [
    ...plugins.flatMap((file) => ['--plugins', file]),
    ...named({ only }),
    ...(effort === 'quick' ? ['--quick'] : []),
  ];
}

function named(options: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

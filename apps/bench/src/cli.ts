import type { Plugin } from '@surprisal/core';
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './check/commands.js';
import { addCiCommand } from './ci/commands.js';
import { addCompareCommand } from './compare/commands.js';
import type { Console } from './console.js';
import { addDoctorCommand } from './doctor/commands.js';
import { addExportCommand } from './exports/commands.js';
import { addHistoryCommand, addPublishCommand } from './history/commands.js';
import { HistoryError } from './history/history-error.js';
import { addReportCommand } from './page/commands.js';
import { addPeersCommand } from './peers/commands.js';
import { RecordError } from './records/record-error.js';
import { addSelftestCommand } from './selftest/commands.js';
import { shapesText } from './shapes-table.js';
import { measureShapeApart, SHAPES } from './shapes.js';
import { addRunCommand } from './suites/run-command.js';
import { addTableCommand, type Bench } from './table-command.js';

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
  bench?: Bench,
): Promise<number> {
  let code = 0;
  const program = new Command('surprisal-bench')
    .description('Compares what the losses return and how long they take.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({ writeOut: (text) => out(text.trimEnd()), writeErr: (text) => error(text.trimEnd()) });
  const exit = (of: number): void => void (code = of);
  addTableCommand(program, plugins, { out, error }, exit, bench);
  addRunCommand(program, { out, error }, exit);
  program
    .command('shapes')
    .description('Times value and gradient against the plain loop over batches of many shapes.')
    .option('--json', 'print what a program reads')
    .action(async ({ json }: { readonly json?: true }) => {
      const times = [];
      for (const shape of SHAPES) times.push(...(await measureShapeApart(shape)));
      out(json ? JSON.stringify({ schema: 'surprisal-bench/shapes@2', shapes: times }, null, 2) : shapesText(times));
    });
  addPublishCommand(program, out);
  addHistoryCommand(program, out);
  addExportCommand(program, out);
  addPeersCommand(program, { out, error }, exit);
  addCheckCommand(program, { out, error }, exit);
  addCiCommand(program, (more) => runCommandLine(more, plugins, { out, error }, bench), { out, error }, exit);
  addCompareCommand(program, { out, error }, exit);
  addSelftestCommand(program, { out, error }, exit);
  addDoctorCommand(program, { out, error }, exit);
  addReportCommand(program, plugins, out);
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

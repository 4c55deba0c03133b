import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Plugin } from '@surprisal/core';
import type { Command } from 'commander';
import { readRecordFile, type Print } from '../history/commands.js';
import { HistoryError } from '../history/history-error.js';
import { addPlaceOptions, readPlace, type PlaceOptions } from '../history/place.js';
import type { History, Run } from '../history/run-file.js';
import type { RunRecord } from '../records/run-record.js';
import { curvesOf } from './curves.js';
import { pageText } from './page.js';

interface ReportOptions extends PlaceOptions {
  readonly out: string;
}

/** Adds `report`: the page. */
export function addReportCommand(program: Command, plugins: readonly Plugin[], print: Print): void {
  const command = program
    .command('report')
    .description('Builds the page: one HTML file of a run and of the history it stands in.')
    .argument('[record]', 'file that "run" wrote; by default the last run of the history')
    .option('--out <file>', 'where to write the page', 'bench-report.html')
    .action(async (file: string | undefined, options: ReportOptions) => {
      const isPlaceGiven = options.folder !== undefined || options.branch !== undefined;
      const history = file !== undefined && !isPlaceGiven ? NO_HISTORY : await readPlace(options);
      const record = file === undefined ? lastOf(history) : await readRecordFile(file);
      const curves = record.curves.length > 0 ? record.curves : curvesOf(plugins);
      await mkdir(dirname(options.out), { recursive: true });
      await writeFile(options.out, pageText({ ...record, curves }, history));
      for (const { reason } of history.skipped) print(`Skipped ${reason}`);
      print(`Wrote ${options.out}`);
    });
  addPlaceOptions(command);
}

const NO_HISTORY: History = { runs: [], skipped: [] };

/** The last run that measured something else than the harness itself, if there is one. */
function lastOf({ runs }: History): RunRecord {
  const isOfLosses = ({ record }: Run): boolean =>
    record.benchmarks.length > 0 || record.accuracy.length > 0 || record.compare !== undefined;
  const last = runs.filter(isOfLosses).at(-1) ?? runs.at(-1);
  if (last === undefined)
    throw new HistoryError('report: the history holds no run; publish one, or name the file of one');
  return last.record;
}

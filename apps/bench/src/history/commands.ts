import { readFile } from 'node:fs/promises';
import { text as readStream } from 'node:stream/consumers';
import type { Command } from 'commander';
import { readRecord } from '../records/record-text.js';
import { trendOf } from './alerts.js';
import { HistoryError } from './history-error.js';
import { historyText, seriesText } from './history-text.js';
import { addPlaceOptions, publishTo, readPlace, type PlaceOptions } from './place.js';
import { stringifyNumbers } from '../records/non-finite.js';
import { seriesOf, type Series } from './series.js';
import type { History } from './run-file.js';

/** Where a command writes what it was asked for. */
export type Print = (text: string) => void;

interface PublishOptions extends PlaceOptions {
  readonly push?: string;
}

interface HistoryOptions extends PlaceOptions {
  readonly machine?: string;
  readonly json?: true;
}

/** Adds `publish`: one more file in the history. */
export function addPublishCommand(program: Command, print: Print): void {
  const command = program
    .command('publish')
    .description('Adds the record of a run to the history: a data folder or a git branch.')
    .argument('<record>', 'file that "run" wrote; - reads the standard input')
    .option('--push <remote>', 'push the branch to this remote, after taking over what others published')
    .action(async (file: string, options: PublishOptions) => {
      if (options.push !== undefined && options.branch === undefined)
        command.error("error: option '--push <remote>' needs '--branch <name>': only a branch can be pushed");
      const { file: place, outcome } = await publishTo(options, await readRecordFile(file), options.push);
      print(outcome === 'written' ? `Published ${place}` : `Already published as ${place}`);
    });
  addPlaceOptions(command);
}

/** Adds `history`: the runs, the changes, and series by name. */
export function addHistoryCommand(program: Command, print: Print): void {
  const command = program
    .command('history')
    .description('Lists the runs of the history and its changes; with a text, the series whose id or metric holds it.')
    .argument('[text]', 'part of the id or of the metric of a series')
    .option('--machine <text>', 'only runs of machines whose class holds this text')
    .option('--json', 'print what a program reads, schema surprisal-bench/history@1')
    .action(async (text: string | undefined, options: HistoryOptions) => {
      const history = await readPlace(options);
      const series = chooseSeries(history, text ?? '', options.machine ?? '');
      if (options.json) print(historyJson(history, series));
      else print(text === undefined ? historyText(history, series) : seriesText(series));
    });
  addPlaceOptions(command);
}

/** Reads a record from a file or, as `-`, from the standard input. */
export async function readRecordFile(file: string): Promise<ReturnType<typeof readRecord>> {
  if (file === '-') return readRecord(await readStream(process.stdin), 'standard input');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new HistoryError(`"${file}" expected a record of a run, got no file that can be read`, { cause: error });
  });
  return readRecord(text, file);
}

function chooseSeries(history: History, text: string, machine: string): readonly Series[] {
  return seriesOf(history.runs)
    .filter((series) => series.machineClass.includes(machine))
    .filter(({ id, metric }) => `${id} ${metric}`.includes(text));
}

function historyJson({ runs, skipped }: History, series: readonly Series[]): string {
  const list = series.map((one) => {
    const trend = trendOf(one);
    const alerts = trend.alerts.map(({ point, before, after, change, direction }) => ({
      ...{ time: point.run.time, commit: point.run.commit?.id, before, after, change, direction },
    }));
    const levels = trend.segments.map(({ level, points: [first] }) => ({ since: first?.run.time, level }));
    return { ...one, points: one.points.map(pointJson), levels, alerts };
  });
  const files = runs.map(({ file, record: { time, commit, verdict } }) => ({ file, time, commit, verdict }));
  return stringifyNumbers({ schema: 'surprisal-bench/history@1', runs: files, skipped, series: list }, 2);
}

function pointJson({ run, value, interval, proven }: Series['points'][number]): object {
  return { time: run.time, commit: run.commit?.id, value, interval, proven };
}

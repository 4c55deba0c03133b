import { availableParallelism, loadavg } from 'node:os';
import type { Command } from 'commander';
import type { Console } from '../console.js';
import { measureGroup, type Group } from '../measure/measure-group.js';
import { logRatios, nanoseconds } from '../measure/ratios.js';
import { runJobApart, type RunJob } from '../measure/run-process.js';
import { median } from '../measure/statistics.js';
import type { Noise, NoiseFigure } from '../records/run-record.js';
import { normalInput, yardsticks } from '../suites/variants.js';

/** Two equal kernels on a batch that fits the caches. */
const GROUP: Group = {
  id: 'doctor',
  title: 'two equal kernels',
  inputs: { main: normalInput(256, 100) },
  variants: yardsticks(),
};
const PACE = { blocks: 30, batchMilliseconds: 1, warmUpMilliseconds: 300 };
const PROCESSES = 6;

/** `doctor`: whether this machine is quiet enough to tell 2% apart. */
export function addDoctorCommand(program: Command, { out }: Console, exit: (code: number) => void): void {
  program
    .command('doctor')
    .description('Says whether this machine is quiet enough to measure on.')
    .option('--json', 'print the figures')
    .addHelpText('after', '\nExit codes: 0 quiet enough, 3 not.')
    .action(async ({ json }: { readonly json?: true }) => {
      const noise = await examine();
      out(json ? JSON.stringify(noise, null, 2) : noiseText(noise));
      exit(noise.status === 'quiet' ? 0 : 3);
    });
}

/** What limits a comparison: other processes, a clock that wanders, equal kernels that differ, batches that vary. */
export async function examine(
  run: RunJob = runJobApart,
  load: number = (loadavg()[0] ?? 0) / availableParallelism(),
): Promise<Noise> {
  const busy: NoiseFigure = {
    name: 'load',
    unit: 'processes per core',
    value: load,
    limit: 0.5,
    note: 'what else ran in the last minute; always 0 where the system does not say',
  };
  const reports = await measureGroup(GROUP, {
    processes: PROCESSES,
    seed: 1,
    pace: PACE,
    sides: {},
    peers: '',
    run,
  });
  const logs = logRatios(reports, 'sentinel', 'anchor').map(Math.abs);
  const times = nanoseconds(reports, 'anchor')?.processes ?? [];
  const blocks = reports
    .flatMap(({ variants }) => variants.find(({ id }) => id === 'anchor')?.blocks ?? [])
    .filter((time) => time !== null);
  const figures = [
    busy,
    percent('sentinel', Math.expm1(median(logs)), 1, 'how far two equal kernels seem apart in one process, the median'),
    percent('worst sentinel', Math.expm1(Math.max(...logs)), 3, 'the same, the largest'),
    percent(
      'clock',
      Math.max(...times) / Math.min(...times) - 1,
      25,
      'the slowest process by the fastest: only absolute times suffer',
    ),
    percent('blocks', spread(blocks), 10, 'the middle half of the blocks, by their median'),
  ];
  const quiet = figures.every(({ value, limit = Infinity }) => value <= limit);
  return { status: quiet ? 'quiet' : 'noisy', figures };
}

function percent(name: string, share: number, limit: number, note: string): NoiseFigure {
  return { name, unit: '%', value: 100 * share, limit, note };
}

function spread(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;
  return (at(0.75) - at(0.25)) / at(0.5);
}

function noiseText({ status, figures }: Noise): string {
  const lines = figures.map(({ name, unit, value, limit = Infinity, note }) => {
    const mark = value <= limit ? 'ok ' : 'NO ';
    return `${mark} ${name}: ${value.toFixed(2)} ${unit}, at most ${limit}. ${note ?? ''}`;
  });
  const advice =
    status === 'quiet'
      ? 'Quiet enough.'
      : 'Not quiet enough: close what else runs, plug in the power, fix the clock, and expect "inconclusive" until then.';
  return [...lines, '', advice].join('\n');
}

import type { Registry } from '@surprisal/core';
import type { Console } from '../../console.js';
import { peerVersions } from '../../peers/peer-versions.js';
import { writeRecord } from '../../records/record-text.js';
import { writeTextFile } from '../../records/write-file.js';
import { withInterruption } from '../interruption.js';
import { FULL, QUICK } from '../pace.js';
import { runSteps, type StepResults } from '../run-stages.js';
import { kernelsRecord } from './kernels-record.js';
import { kernelsMarkdown, kernelsText, timesText } from './kernels-table.js';
import { chooseGroups, KERNEL_GROUPS, measureKernelGroup, type MeasuredGroup } from './kernels-suite.js';
import type { KernelGroup } from './groups.js';

/** Options of the suite. */
export interface KernelsOptions {
  readonly only?: string | undefined;
  readonly quick?: boolean | undefined;
  readonly markdown?: boolean | undefined;
  readonly json?: boolean | undefined;
  /** A file for the record. */
  readonly record?: string | undefined;
  readonly processes?: number | undefined;
  readonly seed: number;
  readonly peers: string;
  readonly sides: Readonly<Record<string, readonly string[]>>;
  readonly registry: Registry;
}

/** Measures the rows of the table of targets, prints it, and resolves to the exit code. */
export async function runKernels(options: KernelsOptions, { out, error }: Console): Promise<0 | 2 | 4> {
  const time = new Date();
  const groups = chooseGroups(options.only);
  if (groups.length === 0) {
    error(
      `error: option '--only <text>': no group is called so. The groups are ${KERNEL_GROUPS.map(({ id }) => id).join(', ')}.`,
    );
    return 2;
  }
  const { results, complete } = await measureGroups(groups, options);
  const text = writeRecord(await recordOf(time, results, complete, options));
  out(options.json === true ? text.trimEnd() : textOf(results, options));
  if (options.record !== undefined) writeTextFile(options.record, text);
  for (const failure of results.flatMap((result) => result.failure ?? [])) error(`error: ${failure}`);
  if (!complete) error('ended by Ctrl-C: the table holds what was finished');
  return results.some(({ failure }) => failure !== undefined) ? 4 : 0;
}

function measureGroups(
  groups: readonly KernelGroup[],
  { quick, processes, seed, peers, sides }: KernelsOptions,
): Promise<StepResults<MeasuredGroup>> {
  const effort = quick === true ? QUICK : FULL;
  const how = { processes: processes ?? effort.processes, pace: effort.pace, seed, peers, sides };
  return withInterruption((signal) =>
    runSteps(
      groups.map((group) => ({
        title: `${group.id}: ${group.title}`,
        run: (note) => measureKernelGroup(group, { ...how, note, signal }),
      })),
    ),
  );
}

async function recordOf(
  time: Date,
  results: readonly MeasuredGroup[],
  complete: boolean,
  { quick, processes, seed, only, peers, registry }: KernelsOptions,
): Promise<ReturnType<typeof kernelsRecord>> {
  const effort = quick === true ? QUICK : FULL;
  const settings = {
    suite: `kernels ${quick === true ? 'quick' : 'full'}`,
    ...{ seed, processes: processes ?? effort.processes, blocks: effort.pace.blocks, complete },
    ...(only !== undefined && { only }),
    plugins: registry.names,
  };
  return kernelsRecord(time, results, { settings, peers: await peerVersions(peers), registry });
}

function textOf(results: readonly MeasuredGroup[], { markdown }: KernelsOptions): string {
  const verdicts = results.flatMap((result) => result.verdicts);
  return markdown === true ? kernelsMarkdown(verdicts) : `${timesText(results)}\n\n${kernelsText(verdicts)}`;
}

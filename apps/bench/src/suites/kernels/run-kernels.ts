import type { Console } from '../../console.js';
import { withInterruption } from '../interruption.js';
import { FULL, QUICK } from '../pace.js';
import { runSteps } from '../run-stages.js';
import { kernelsMarkdown, kernelsText, timesText } from './kernels-table.js';
import { chooseGroups, KERNEL_GROUPS, measureKernelGroup, type MeasuredGroup } from './kernels-suite.js';

/** Options of the suite. */
export interface KernelsOptions {
  readonly only?: string | undefined;
  readonly quick?: boolean | undefined;
  readonly markdown?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly processes?: number | undefined;
  readonly seed: number;
  readonly peers: string;
  readonly sides: Readonly<Record<string, readonly string[]>>;
}

/** Measures the rows of the table of targets, prints it, and resolves to the exit code. */
export async function runKernels(options: KernelsOptions, { out, error }: Console): Promise<0 | 2 | 4> {
  const groups = chooseGroups(options.only);
  if (groups.length === 0) {
    error(
      `error: option '--only <text>': no group is called so. The groups are ${KERNEL_GROUPS.map(({ id }) => id).join(', ')}.`,
    );
    return 2;
  }
  const { processes, pace } = options.quick === true ? QUICK : FULL;
  const { seed, peers, sides } = options;
  const { results, complete } = await withInterruption((signal) =>
    runSteps(
      groups.map((group) => ({
        title: `${group.id}: ${group.title}`,
        run: (note) =>
          measureKernelGroup(group, {
            processes: options.processes ?? processes,
            pace,
            seed,
            peers,
            sides,
            note,
            signal,
          }),
      })),
    ),
  );
  out(textOf(results, options));
  for (const failure of results.flatMap((result) => result.failure ?? [])) error(`error: ${failure}`);
  if (!complete) error('ended by Ctrl-C: the table holds what was finished');
  return results.some(({ failure }) => failure !== undefined) ? 4 : 0;
}

function textOf(results: readonly MeasuredGroup[], { json, markdown }: KernelsOptions): string {
  const verdicts = results.flatMap((result) => result.verdicts);
  if (json === true)
    return JSON.stringify(
      {
        schema: 'surprisal-bench/kernels@1',
        verdicts,
        groups: results.map(({ group: { id }, reports }) => ({ id, reports })),
      },
      null,
      2,
    );
  return markdown === true ? kernelsMarkdown(verdicts) : `${timesText(results)}\n\n${kernelsText(verdicts)}`;
}

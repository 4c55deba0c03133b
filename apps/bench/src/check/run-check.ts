import { accuracyGroups, type AccuracyGroup } from '../accuracy/accuracy-groups.js';
import { runAccuracy, type MeasuredAccuracy } from '../accuracy/run-accuracy.js';
import type { Budgets } from '../budgets/budgets.js';
import { holdAccuracy, holdSize } from '../budgets/hold-against.js';
import { compareBuilds, type Comparison } from '../compare/compare-builds.js';
import { loadRegistry } from '../measure/load-plugins.js';
import type { GroupOptions } from '../measure/measure-group.js';
import type { Size } from '../records/accuracy-record.js';
import { measureSizes } from '../sizes/measure-sizes.js';
import { runSteps } from '../suites/run-stages.js';
import { faultsOf } from './gates.js';

/** One side: a build, and what plugins there are besides. */
export interface CheckedSide {
  readonly folder: string;
  /** Modules that export plugins. */
  readonly modules: readonly string[];
  /** Files of plugins that are not the build's own. */
  readonly plugins: readonly string[];
}

export interface CheckOptions extends Omit<GroupOptions, 'sides' | 'purpose'> {
  readonly head: CheckedSide;
  /** Without one the times are not looked at. */
  readonly base?: CheckedSide | undefined;
  readonly budgets: Budgets;
  readonly only?: string | undefined;
  /** Times of bare losses only. */
  readonly quick: boolean;
}

/** What the gates found, each held against its budget. */
export interface Checked {
  readonly accuracy: readonly MeasuredAccuracy[];
  readonly sizes: readonly Size[];
  /** Absent without a base, and where an output is wrong: its time is worth nothing. */
  readonly comparison?: Comparison;
  readonly complete: boolean;
}

/** Runs the gates in order: outputs and their errors, sizes, and times against a base. */
export async function runCheck(options: CheckOptions): Promise<Checked> {
  const { head, base, budgets } = options;
  const accuracy: MeasuredAccuracy[] = [];
  const sizes: Size[] = [];
  const groups = await chooseGroups(options);
  const { complete } = await runSteps([
    ...groups.map((group) => ({
      title: `errors of ${group.title}`,
      run: async (note: (text: string) => void) =>
        accuracy.push(held(await runAccuracy(group, { ...options, sides: { main: head.modules }, note }), budgets)),
    })),
    {
      title: 'sizes',
      run: async () => sizes.push(...(await chosenSizes(options)).map((size) => holdSize(size, budgets))),
    },
  ]);
  const found = { accuracy, sizes, complete };
  if (base === undefined || !complete || faultsOf(found).length > 0) return found;
  const sides = { base: base.modules, head: head.modules };
  const comparison = await compareBuilds({ ...options, sides, bare: options.quick });
  return { ...found, comparison, complete: comparison.complete };
}

async function chooseGroups({ head, only = '' }: CheckOptions): Promise<AccuracyGroup[]> {
  const { plugins } = await loadRegistry(head.modules);
  return accuracyGroups(plugins, { quick: false })
    .filter(({ id, title }) => holds(`${title} ${id}`, only))
    .map((group) => ({ ...group, variants: group.variants.filter(({ program: { kind } }) => kind === 'ours') }));
}

async function chosenSizes({ head, only = '' }: CheckOptions): Promise<Size[]> {
  return (await measureSizes(head.folder, head.plugins)).filter((size) => holds(size.package, only));
}

function holds(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}

function held(measured: MeasuredAccuracy, budgets: Budgets): MeasuredAccuracy {
  return { ...measured, rows: measured.rows.map((row) => holdAccuracy(row, budgets)) };
}

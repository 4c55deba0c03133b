import { lossId, type Loss, type Registry } from '@surprisal/core';
import type { Group } from '../measure/measure-group.js';
import type { InputSpec } from '../measure/protocol.js';
import { benchmarkId } from '../records/series.js';
import type { Axes } from '../records/benchmark-record.js';
import { listRows, type BenchRow } from '../rows.js';
import { normalInput, own, yardsticks } from '../suites/variants.js';

/** One loss by one engine on one shape, on both sides. */
export interface CompareRow {
  readonly id: string;
  readonly axes: Axes;
  /** Ids of its two variants in the group. */
  readonly base: string;
  readonly head: string;
}

/** A loss on one shape: every engine on both sides, which take turns. */
export interface CompareGroup extends Group {
  readonly rows: readonly CompareRow[];
}

/** Bare losses are compared on long rows as well. */
const SHAPES: Readonly<Record<'digits' | 'mail', readonly InputSpec[]>> = {
  digits: [normalInput(1024, 10), normalInput(64, 1000)],
  mail: [normalInput(16_384, 1)],
};

/** Groups of the compositions of the base's plugins that the head can make too; what is wrapped twice only where asked for. */
export function compareGroups(base: Registry, head: Registry, only = ''): CompareGroup[] {
  const known = listRows(base.plugins, { pairs: only !== '' }).rows.filter((row) => canMake(head, row.loss));
  const groups = known.flatMap((row) => shapesOf(row).map((input) => groupOf(row, input)));
  const text = only.toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      rows: group.rows.filter(({ id }) => `${group.title} ${id}`.toLowerCase().includes(text)),
    }))
    .filter(({ rows }) => rows.length > 0)
    .map(({ variants, rows, ...group }) => {
      const needed = new Set([...yardsticks().map(({ id }) => id), ...rows.flatMap((row) => [row.base, row.head])]);
      return { ...group, rows, variants: variants.filter(({ id }) => needed.has(id)) };
    });
}

function canMake(registry: Registry, loss: Loss): boolean {
  try {
    registry.fromJSON(loss.toJSON());
    return true;
  } catch {
    return false;
  }
}

function shapesOf({ data, composition, options }: BenchRow): readonly InputSpec[] {
  const isBare = !composition.includes('(') && options === '';
  return isBare ? SHAPES[data] : SHAPES[data].slice(0, 1);
}

function groupOf({ composition, options, loss }: BenchRow, input: InputSpec): CompareGroup {
  const { rows, classes, type } = input;
  const json = loss.toJSON();
  const engines = loss.link.engines.filter(({ available }) => available?.() ?? true).map(({ name }) => name);
  // A tile rule has no engine to choose.
  const names = loss.tileRule === undefined ? engines : ['typescript'];
  const compared = names.map((engine): CompareRow => {
    const axes: Axes = {
      loss: composition,
      lossId: lossId(loss),
      ...(options !== '' && { options }),
      operation: 'value-and-gradient',
      dtype: type,
      rows,
      classes,
      input: 'normal',
      implementation: 'surprisal',
      engine,
    };
    return { id: benchmarkId(axes), axes, base: `base/${engine}`, head: `head/${engine}` };
  });
  return {
    id: `${lossId(loss)}/${rows}x${classes}`,
    title: `${composition}${options === '' ? '' : ` (${options})`}, ${rows} x ${classes}`,
    inputs: { main: input },
    variants: [
      ...yardsticks(),
      ...['base', 'head'].flatMap((side) => names.map((engine) => own(`${side}/${engine}`, json, engine, { side }))),
    ],
    rows: compared,
  };
}

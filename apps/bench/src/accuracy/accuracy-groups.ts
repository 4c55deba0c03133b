import { lossId, type Plugin } from '@surprisal/core';
import type { Group } from '../measure/measure-group.js';
import { exactRows } from '../measure/exact-rows.js';
import type { InputSpec, VariantSpec } from '../measure/protocol.js';
import type { Axes } from '../records/benchmark-record.js';
import { listRows, type BenchRow } from '../rows.js';
import { ANCHOR, own, peers } from '../suites/variants.js';

/** A loss whose errors are looked at by margin, with all that compute it. */
export interface AccuracyGroup extends Group {
  readonly loss: BenchRow['loss'];
  readonly axes: Readonly<Record<string, Axes>>;
}

/** Fine where most logits lie, to where exponentials of float32 overflow (89) and underflow (-104). */
const EDGES = [-120, -100, -50, -20, -10, -5, -2, 0, 2, 5, 10, 20, 50, 100, 120] as const;

/** What happens at which margin, in float32; float64 goes to 709 and -745. */
export const MARKS = [
  { margin: -103.97, label: 'exp underflows to 0 in float32' },
  { margin: 88.73, label: 'exp overflows float32' },
] as const;

const PEERS = ['tfjs-cpu', 'tfjs-wasm', 'jax-wasm', 'onnxruntime', 'pytorch'] as const;

/** Numbers compared of each implementation: enough for a 99.9th percentile in each bucket. */
const LOGITS = 40_000;

/** Every composition of the plugins that has an exact form, one wrapper deep; cross-entropy on long rows and in float64 too, with peers. */
export function accuracyGroups(plugins: readonly Plugin[], { quick }: { readonly quick: boolean }): AccuracyGroup[] {
  const rows = listRows(plugins, { pairs: false }).rows;
  return rows.flatMap((row) => {
    const bare = row.loss.plan?.length === 0;
    if (quick && !bare) return [];
    const plain = bare && row.options === '';
    const classes = row.data === 'mail' ? 1 : 10;
    return [
      ...groupOf(row, classes, bare, quick),
      ...(plain && classes > 1 ? groupOf(row, 1000, bare, quick) : []),
      ...(plain ? groupOf(row, classes, bare, quick, 'float64') : []),
    ];
  });
}

function groupOf(
  { loss, composition, options }: BenchRow,
  classes: number,
  bare: boolean,
  quick: boolean,
  type: InputSpec['type'] = 'float32',
): AccuracyGroup[] {
  const reference = exactRows(loss);
  if (reference === undefined) return [];
  const logits = Math.min(LOGITS, reference.affordable);
  const buckets = EDGES.length - 1;
  const rows = buckets * Math.max(4, Math.floor(logits / classes / buckets));
  const source = { kind: 'margins', seed: 1, spread: 3, edges: EDGES } as const;
  const input: InputSpec = { rows, classes, type, targets: 'labels', source };
  const engines = loss.link.engines.filter(({ available }) => available?.() ?? true);
  const variants = [
    ...engines.map(({ name }) => own(name, loss.toJSON(), name)),
    ...(bare ? [anchor(), ...(quick || type === 'float64' ? [] : forAccuracy(peers(PEERS)))] : []),
  ];
  const shared = {
    loss: composition,
    lossId: lossId(loss),
    ...(options !== '' && { options }),
    operation: 'value-and-gradient',
    dtype: type,
    rows,
    classes,
    input: 'margins',
  };
  const axes = variants.map(({ id, program }): [string, Axes] => [
    id,
    program.kind === 'ours'
      ? { ...shared, implementation: 'surprisal', engine: id }
      : { ...shared, implementation: id === ANCHOR ? 'plain-loop' : id },
  ]);
  const title = `${composition}${options === '' ? '' : ` (${options})`}, ${classes === 1 ? 'elements' : `${classes} classes`}${type === 'float64' ? ', float64' : ''}`;
  return [
    {
      id: `${lossId(loss)}/${classes}${type === 'float64' ? '/float64' : ''}`,
      title,
      inputs: { main: input },
      variants,
      loss,
      axes: Object.fromEntries(axes),
    },
  ];
}

function anchor(): VariantSpec {
  return { id: ANCHOR, input: 'main', program: { kind: 'anchor', copy: 1 } };
}

/** onnxruntime computes values only. */
function forAccuracy(specs: readonly VariantSpec[]): VariantSpec[] {
  return specs.map((spec) =>
    spec.program.kind === 'peer' && spec.id === 'onnxruntime'
      ? { ...spec, program: { ...spec.program, operation: 'value' } }
      : spec,
  );
}

import { lossId, type Loss, type Plugin } from '@surprisal/core';
import type { Group } from '../../measure/measure-group.js';
import type { InputSpec, VariantSpec } from '../../measure/protocol.js';
import type { Axes } from '../../records/benchmark-record.js';
import { listRows, type BenchRow } from '../../rows.js';
import { ANCHOR, COPY, normalInput, own, peers, yardsticks } from '../variants.js';
import type { RealInput } from './real-inputs.js';

/** A loss on one input, by all that compute it. */
export interface LossGroup extends Omit<Group, 'inputs'> {
  /** Real logits by name, or a made batch. */
  readonly input: RealInput | InputSpec;
  /** For each variant that a record holds what it measures; its shape comes with the input. */
  readonly axes: Readonly<Record<string, Omit<Axes, 'rows' | 'classes' | 'dtype'>>>;
}

/** Libraries with a gradient, and the one without. */
const PEERS = ['tfjs-cpu', 'tfjs-wasm', 'jax-wasm', 'pytorch'] as const;
const FORWARD = 'onnxruntime';
/** Half a microsecond a logit: seconds over a vocabulary. */
const SLOWEST = 'tfjs-cpu';

/** How much is measured. */
export interface Extent {
  /** Leave out peers, which take seconds to start, and most of the sweeps. */
  readonly quick: boolean;
  /** With what is wrapped twice, too: some hundreds. */
  readonly pairs?: boolean;
}

/**
 * Compositions of the plugins on real logits: digits or mail, and next tokens for cross-entropy with target steps. Bare
 * losses come first, so that what a minute has no room for are wrapped ones.
 */
export function lossGroups(plugins: readonly Plugin[], { quick, pairs = false }: Extent): LossGroup[] {
  const small = listRows(plugins, { pairs }).rows.map((row) => groupOf(row, row.data, row.data, quick));
  const overTokens = listRows(plugins, { classes: { digits: VOCABULARY, mail: 2 }, pairs: false })
    .rows.filter(({ loss, data }) => data === 'digits' && isCheap(loss))
    .map((row) => groupOf(row, 'tokens', 'tokens', quick));
  const all = [...small, ...(quick ? overTokens.slice(0, 1) : overTokens)];
  return [...all.filter(({ title }) => !isWrapped(title)), ...all.filter(({ title }) => isWrapped(title))];
}

function isWrapped(title: string): boolean {
  return /^\w+\(/.test(title);
}

/** Of cl100k_base. */
const VOCABULARY = 100_277;

/** Exact results over a vocabulary take a second in double-double arithmetic, and minutes in any other. */
function isCheap({ plan, link }: Loss): boolean {
  return link.name === 'softmax' && plan?.every(({ kind }) => kind === 'scale' || kind === 'mix') === true;
}

/** Cross-entropy over made batches: more classes, more rows, the label further from the rest. */
export function sweepGroups(plugins: readonly Plugin[], { quick }: Extent): LossGroup[] {
  const [bare] = listRows(plugins, { pairs: false }).rows.filter(({ loss, data }) => isBare(loss) && data === 'digits');
  if (bare === undefined) return [];
  const classes = [2, 3, 10, 32, 100, 1000, 10_000, 100_000].map(
    (count) => [`normal`, normalInput(Math.ceil(2 ** 17 / count), count)] as const,
  );
  const rows = [1, 32, 1024].map((count) => [`normal`, normalInput(count, 10)] as const);
  const margins = [-100, -20, 20, 100].map(
    (margin) => [`margin-${margin}`, normalInput(1024, 100, { margin })] as const,
  );
  const sweeps = quick ? classes.filter((_, index) => index % 3 === 2) : [...classes, ...rows, ...margins];
  return sweeps.map(([name, input]) => groupOf(bare, input, name, true));
}

/** No step at all: what the anchor and the peers compute. */
function isBare({ plan }: Loss): boolean {
  return plan?.length === 0;
}

function groupOf(
  { composition, options, loss }: BenchRow,
  input: LossGroup['input'],
  name: string,
  quick: boolean,
): LossGroup {
  const id = lossId(loss);
  const json = loss.toJSON();
  const engines =
    loss.tileRule === undefined
      ? loss.link.engines.filter(({ available }) => available?.() ?? true).map((engine) => engine.name)
      : ['typescript'];
  const bare = isBare(loss);
  const ours = engines.map((engine) => own(engine, json, engine));
  const values = bare ? engines.map((engine) => own(`value ${engine}`, json, engine, { operation: 'value' })) : [];
  const others =
    bare && !quick ? [...peers(PEERS.filter((peer) => peer !== SLOWEST || name !== 'tokens')), ...forward()] : [];
  const axesOf = ({ id: variant, program }: VariantSpec): LossGroup['axes'][string] => ({
    loss: composition,
    lossId: id,
    ...(options !== '' && { options }),
    input: name,
    operation: program.kind === 'ours' || program.kind === 'peer' ? program.operation : 'value-and-gradient',
    ...(program.kind === 'ours'
      ? { implementation: 'surprisal', engine: program.engine }
      : { implementation: variant === ANCHOR ? 'plain-loop' : variant }),
  });
  const recorded = [
    ...(bare ? yardsticks().filter(({ id: each }) => each === ANCHOR || each === COPY) : []),
    ...ours,
    ...values,
    ...others,
  ];
  const shape = typeof input === 'string' ? '' : `, ${input.rows} x ${input.classes}`;
  return {
    id: `${id}/${name}${shape}`,
    title: `${composition}${options === '' ? '' : ` (${options})`} on ${name}${shape}`,
    input,
    variants: [...yardsticks(), ...ours, ...values, ...others],
    axes: Object.fromEntries(recorded.map((variant) => [variant.id, axesOf(variant)])),
  };
}

function forward(): VariantSpec[] {
  return [{ id: FORWARD, input: 'main', program: { kind: 'peer', peer: FORWARD, operation: 'value' } }];
}

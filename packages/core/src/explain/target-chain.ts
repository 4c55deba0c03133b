import { isTargetStep } from './step-groups.js';
import type { MixStep, Plan, ScaleStep, TargetStep } from '../plan.js';

/** What the target steps come to: the order in which weights and smoothing act, first to act first. */
export type ChainForm = 'plain' | 'weighted' | 'smoothed' | 'smoothed-weighted' | 'weighted-smoothed' | 'other';

/** The target steps with neighbours of one kind merged, and steps that change nothing left out. */
export interface TargetChain {
  readonly form: ChainForm;
  /** The weights of the one scale; per outcome, or per label on the positive outcome. */
  readonly weights?: readonly number[];
  readonly perLabel: boolean;
  /** Whether a mean by weight counts these weights. */
  readonly counted: boolean;
  /** e of the one mix, as spread over all classes; as text where it depends on a class count not stated. */
  readonly smoothing?: { readonly value: number | undefined; readonly text: string };
}

/** One or several steps of a kind, as one. */
type Link =
  | {
      readonly kind: 'weights';
      readonly values: readonly number[];
      readonly perLabel: boolean;
      readonly counted: boolean;
    }
  | { readonly kind: 'smoothing'; readonly value: number | undefined; readonly text: string }
  | { readonly kind: 'other' };

const FORMS: Readonly<Record<string, ChainForm>> = {
  '': 'plain',
  weights: 'weighted',
  smoothing: 'smoothed',
  'smoothing weights': 'smoothed-weighted',
  'weights smoothing': 'weighted-smoothed',
};

/** Reads the target steps of a plan. `outcomes` is the class count that smoothing spreads over, where it is known. */
export function targetChain(plan: Plan, outcomes: number | undefined): TargetChain {
  const links = plan
    .filter(isTargetStep)
    .flatMap((step) => linkOf(step, outcomes))
    .reduce<readonly Link[]>(append, []);
  const form = FORMS[links.map(({ kind }) => kind).join(' ')] ?? 'other';
  const weights = links.find((link) => link.kind === 'weights');
  const smoothing = links.find((link) => link.kind === 'smoothing');
  return {
    form,
    ...(form !== 'other' && weights && { weights: weights.values }),
    perLabel: weights?.perLabel ?? false,
    counted: weights?.counted ?? false,
    ...(form !== 'other' && smoothing && { smoothing: { value: smoothing.value, text: smoothing.text } }),
  };
}

function linkOf(step: TargetStep, outcomes: number | undefined): readonly Link[] {
  return step.kind === 'scale' ? weightsOf(step) : smoothingOf(step, outcomes);
}

function weightsOf({ weights, by, counted }: ScaleStep): readonly Link[] {
  if (weights.every((weight) => weight === 1)) return [];
  return [{ kind: 'weights', values: weights, perLabel: by === 'label', counted }];
}

/** Spread `others` is spread `all` at e C / (C - 1). */
function smoothingOf({ smoothing, spread, towards }: MixStep, outcomes: number | undefined): readonly Link[] {
  if (smoothing === 0) return [];
  if (towards !== undefined) return [{ kind: 'other' }];
  if (spread === 'all') return [{ kind: 'smoothing', value: smoothing, text: String(smoothing) }];
  if (outcomes === undefined)
    return [{ kind: 'smoothing', value: undefined, text: `${String(smoothing)} * C / (C - 1)` }];
  const value = Math.min(1, (smoothing * outcomes) / (outcomes - 1));
  return [{ kind: 'smoothing', value, text: String(value) }];
}

function append(links: readonly Link[], next: Link): readonly Link[] {
  const last = links.at(-1);
  const merged = last && mergedLink(last, next);
  return merged === undefined ? [...links, next] : [...links.slice(0, -1), merged];
}

function mergedLink(one: Link, other: Link): Link | undefined {
  if (one.kind === 'weights' && other.kind === 'weights') {
    if (one.perLabel !== other.perLabel || one.counted !== other.counted) return undefined;
    return { ...one, values: one.values.map((value, index) => value * (other.values[index] ?? 1)) };
  }
  if (one.kind !== 'smoothing' || other.kind !== 'smoothing') return undefined;
  if (one.value === undefined || other.value === undefined) return undefined;
  const value = one.value + other.value - one.value * other.value;
  return { kind: 'smoothing', value, text: String(value) };
}

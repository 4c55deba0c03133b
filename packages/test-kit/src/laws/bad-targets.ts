import type { Targets } from '@surprisal/core';
import { at } from '../assertions.js';
import type { Batch } from '../batch.js';
import { hasRealTargets, type Subject } from '../subject.js';
import type { Change } from './bad-call.js';

/** Targets with one number replaced. */
function withTarget({ targets, rows, width, shapedLikeLogits }: Batch, position: number, target: number): Targets {
  const changed = targets.slice();
  changed[position] = target;
  return { data: changed, dims: shapedLikeLogits ? [rows, width] : [rows] };
}

/** Labels that are no class. */
export function badLabels({ width }: Subject, batch: Batch): readonly Change[] {
  const label = (target: number, holds: readonly string[] = []): Change => ({
    what: `a label of ${String(target)}`,
    targets: withTarget(batch, 2, target),
    kind: RangeError,
    argument: 'targets[2]',
    holds: [String(target), ...holds],
  });
  return [
    label(width),
    label(-1, ['ignoreIndex: -1']),
    label(-100, ['ignoreIndex: -100']),
    label(0.5),
    label(Number.NaN),
  ];
}

/** Targets of single elements that are out of range. */
export function badElements(subject: Subject, batch: Batch): readonly Change[] {
  const position = 2 * subject.width;
  const target = (value: number): Change => ({
    what: `a target of ${String(value)}`,
    targets: withTarget(batch, position, value),
    kind: RangeError,
    argument: `targets[${String(position)}]`,
    holds: [String(value)],
  });
  const range = hasRealTargets(subject) ? [] : [target(1.5), target(-0.25), target(-100)];
  return [...range, target(Number.NaN), target(Infinity), ...(subject.traits.needsIndexTargets ? [target(0.5)] : [])];
}

/** Rows of probabilities that are none. */
export function badRows(subject: Subject, batch: Batch): readonly Change[] {
  const first = 2 * subject.width;
  const row = (what: string, target: number): Change => ({
    what,
    targets: withTarget(batch, first, target),
    kind: RangeError,
    argument: `targets[${String(first)}]`,
  });
  const ignore: Change = {
    what: 'ignoreIndex with probability targets',
    options: { ignoreIndex: -100 },
    kind: TypeError,
    argument: 'ignoreIndex',
    holds: ['mask'],
  };
  if (hasRealTargets(subject)) return [ignore, row('a NaN target', Number.NaN)];
  const more = at(batch.targets, first) + 0.01;
  return [
    ignore,
    row('a NaN probability', Number.NaN),
    row('a negative probability', -0.1),
    row('a row that does not sum to one', more),
    row('an infinite probability', Infinity),
  ];
}

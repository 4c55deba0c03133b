import type { CallOptions, Loss } from '@surprisal/core';
import { equalCalls, type EqualCall } from '../explain/equivalences.js';
import { summarize } from '../explain/summary.js';

/** Numbers, rows of numbers, flags: what the names in a call hold. */
export type Value = number | boolean | string | readonly Value[];

/** A loss, a call of it, and the names that calls of frameworks use. */
export interface EquivalenceCase {
  readonly title: string;
  readonly loss: Loss;
  readonly options: CallOptions;
  readonly logits: readonly number[] | readonly number[][];
  readonly targets: readonly number[] | readonly number[][];
  readonly hard: boolean;
}

/** A call that the table gives for a case: what it should return, and what its names hold. */
export interface ExecutableCall {
  readonly id: string;
  readonly title: string;
  readonly framework: EqualCall['framework'];
  readonly link: 'softmax' | 'sigmoid';
  readonly call: string;
  readonly expected: number;
  readonly names: Readonly<Record<string, Value>>;
}

/** All calls that the table says are the same as a case. */
export function executableCalls(test: EquivalenceCase): readonly ExecutableCall[] {
  const { loss, options, logits, targets, title } = test;
  const summary = summarize(loss, loss.plan ?? [], options);
  const calls = equalCalls(summary).filter((call) => isFor(call, test, summary.link));
  if (calls.length === 0) return [];
  const expected = loss.value(logits, targets, options);
  return calls.map(({ id, framework, call, keptRows }) => {
    return { id, title, framework, link: summary.link, call, expected, names: namesOf(test, keptRows) };
  });
}

/** Whether a call is for targets as those of a case, and for as many labels a row. */
function isFor({ targets, note }: EqualCall, { hard, logits }: EquivalenceCase, link: 'softmax' | 'sigmoid'): boolean {
  const oneLabel = link === 'sigmoid' && !Array.isArray(logits[0]);
  if (note?.includes('one label a row') === true && !oneLabel) return false;
  return targets === 'any' || (targets === 'hard') === hard;
}

function namesOf({ loss, options, logits, targets, hard }: EquivalenceCase, keptRows: boolean): Record<string, Value> {
  const plan = loss.plan ?? [];
  const { chain, link } = summarize(loss, plan, options);
  const classes = link === 'softmax' ? (logits[0] as readonly number[]).length : 2;
  const kept = keptRows ? keptOf(targets, options) : targets.map(() => true);
  const pick = <Row extends Value>(rows: readonly Row[]): Row[] => rows.filter((_, row) => kept[row]);
  const y = pick(targets as readonly Value[]);
  const input = pick(logits as readonly Value[]);
  const affine = plan.find((step) => step.kind === 'affine' && step.offsets !== undefined);
  const margin = plan.find((step) => step.kind === 'margin');
  const mask = plan.find((step) => step.kind === 'classMask');
  return {
    C: classes,
    [{ logits: 'z', probabilities: 'p', 'log-probabilities': 'l' }[options.input ?? 'logits']]: input,
    y,
    q: link === 'softmax' && hard ? y.map((label) => oneHot(Number(label), classes)) : y,
    ...(chain.weights && { w: chain.weights }),
    ...(options.sampleWeights !== undefined && { s: pick(options.sampleWeights as readonly Value[]) }),
    ...(options.labelWeights !== undefined && { v: [...options.labelWeights] }),
    ...(affine?.kind === 'affine' && affine.offsets && { b: affine.offsets }),
    ...(margin?.kind === 'margin' && { m: margin.margins }),
    ...(mask?.kind === 'classMask' && { allowed: mask.allowed }),
  };
}

function keptOf(targets: EquivalenceCase['targets'], { mask, ignoreIndex }: CallOptions): readonly boolean[] {
  const ignored = [ignoreIndex ?? []].flat() as readonly unknown[];
  return targets.map(
    (target, row) => !ignored.includes(target) && (mask === undefined || Boolean((mask as readonly number[])[row])),
  );
}

function oneHot(label: number, classes: number): number[] {
  return Array.from({ length: classes }, (_, index) => (index === label ? 1 : 0));
}

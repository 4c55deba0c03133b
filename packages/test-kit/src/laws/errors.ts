import type { CallOptions } from '@surprisal/core';
import { assertAllSame, assertHolds, assertRefuses, assertSameBits } from '../assertions.js';
import { type Batch, drawBatch, logitsOf, takeRows, targetsOf, withLogits } from '../batch.js';
import { withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { allowedClasses, type Subject } from '../subject.js';
import type { BadCall } from './bad-call.js';
import { badCalls } from './bad-calls.js';

/** Marks what nobody may write. */
const CANARY = -12345.5;

/** Options that are no object at all stay as they are, so that they are refused. */
function withOutputs(options: CallOptions, outputs: CallOptions): CallOptions {
  return typeof options === 'object' ? { ...outputs, ...options } : options;
}

function assertRefused(subject: Subject, call: BadCall): void {
  const { loss } = subject;
  const { what, kind, argument, holds = [] } = call;
  const length = (call.logits as { readonly data?: ArrayLike<unknown> } | undefined)?.data?.length ?? 0;
  const gradient = new Float64Array(length).fill(CANARY);
  const options = withOutputs(call.options, withEngine(subject, { gradient }));
  // A call that asks for an output of its own must find the arguments before it right.
  const untouched = options.gradient === gradient ? gradient : (options.gradient as Float64Array | undefined);
  const before = untouched?.slice();
  const refusal = { kind, starts: `${loss.name}: "${argument}" expected `, holds } as const;
  assertRefuses(() => loss.evaluate(call.logits, call.targets, options), refusal, `evaluate, ${what}`);
  const own = withOutputs(call.options, withEngine(subject, {}));
  assertRefuses(() => loss.valueAndGradient(call.logits, call.targets, own), refusal, `valueAndGradient, ${what}`);
  if (argument !== 'gradient' && argument !== 'losses')
    assertRefuses(() => loss.value(call.logits, call.targets, own), refusal, `value, ${what}`);
  if (untouched !== undefined && before !== undefined)
    assertSameBits(untouched, before, `gradient after the refusal, ${what}`);
}

const badCallsAreRefused: Law = defineLaw(
  'a bad call is refused by name and position before anything is written',
  always,
  (subject) => {
    for (const call of badCalls(subject)) assertRefused(subject, call);
  },
);

/** Logits that have no meaning for a link. */
function badLogits({ loss }: Subject): readonly number[] {
  if (loss.link.name === 'sigmoid') return [Number.NaN];
  return loss.link.name === 'softmax' ? [Number.NaN, Infinity] : [Number.NaN, Infinity, -Infinity];
}

/** The last logit of a class that the loss looks at. */
function lastPosition(subject: Subject, length: number): number {
  const allowed = subject.layout === 'classes' ? allowedClasses(subject) : [true];
  return length - 1 - [...allowed].reverse().indexOf(true);
}

/** A batch with one bad logit, near its end. */
interface Spoiling {
  readonly batch: Batch;
  readonly bad: number;
  readonly type: 'float64' | 'float32';
}

function assertSpoiled(subject: Subject, { batch, bad, type }: Spoiling): void {
  const { loss } = subject;
  const targets = targetsOf(batch);
  const { losses: right } = loss.evaluate(logitsOf(batch), targets, withEngine(subject, { losses: true }));
  const position = lastPosition(subject, batch.logits.length);
  const changed = batch.logits.slice();
  changed[position] = bad;
  const logits = logitsOf(withLogits(batch, changed), type);
  const gradient = new Float64Array(changed.length).fill(CANARY);
  const losses = new Float64Array(right?.length ?? 0).fill(CANARY);
  const what = `logits[${String(position)}] ${String(bad)}, ${type}`;
  const refusal = { kind: RangeError, starts: `${loss.name}: "logits[${String(position)}]" expected ` };
  assertRefuses(() => loss.value(logits, targets, withEngine(subject, {})), refusal, `value, ${what}`);
  const evaluate = (): unknown => loss.evaluate(logits, targets, withEngine(subject, { gradient, losses }));
  assertRefuses(evaluate, refusal, `evaluate, ${what}`);
  assertAllSame(gradient, Number.NaN, `gradient after the refusal, which leaves no half result, ${what}`);
  assertAllSame(losses, Number.NaN, `losses after the refusal, which leaves no half result, ${what}`);
}

const badLogitsSpoil: Law = defineLaw(
  'a bad logit is refused by position, and the outputs are all NaN',
  always,
  (subject) => {
    const few = drawBatch(subject, random(subject.seed), { rows: 4 });
    for (const bad of badLogits(subject))
      for (const type of ['float64', 'float32'] as const) assertSpoiled(subject, { batch: few, bad, type });
    // Whole tiles are done before the one with the fault.
    const rows = Array.from({ length: Math.ceil(6000 / subject.width) }, (_, row) => row % 4);
    assertSpoiled(subject, { batch: takeRows(few, rows), bad: Number.NaN, type: 'float32' });
  },
);

const needsLabels: Law = defineLaw(
  'a loss that needs labels refuses probability targets',
  ({ traits }) => traits.needsIndexTargets,
  (subject) => {
    const batch = drawBatch(
      { ...subject, traits: { ...subject.traits, needsIndexTargets: false } },
      random(subject.seed),
      { targets: 'soft' },
    );
    const call = (): unknown => subject.loss.value(logitsOf(batch), targetsOf(batch), withEngine(subject, {}));
    assertRefuses(call, { kind: Error, starts: `${subject.loss.name}: "targets` }, 'probability targets');
    assertHolds(subject.loss.link.name !== 'none', 'only losses of the family can need labels');
  },
);

/** Laws about refusals. */
export const errorLaws: readonly Law[] = [badCallsAreRefused, badLogitsSpoil, needsLabels];

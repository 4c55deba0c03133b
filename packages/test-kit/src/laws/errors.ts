import type { CallOptions, Logits, Targets } from '@surprisal/core';
import { assertHolds, assertRefuses, assertSame, at } from '../assertions.js';
import { drawBatch, logitsOf, targetsOf, withLogits } from '../batch.js';
import { withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import type { Subject } from '../subject.js';
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
  before?.forEach((item, i) => assertSame(untouched?.[i], item, `gradient[${String(i)}] after the refusal, ${what}`));
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

function assertSpoiled(
  subject: Subject,
  logits: Logits,
  targets: Targets,
  length: number,
  lossLength: number,
  position: number,
  what: string,
): void {
  const gradient = new Float64Array(length).fill(CANARY);
  const losses = new Float64Array(lossLength).fill(CANARY);
  const refusal = { kind: RangeError, starts: `${subject.loss.name}: "logits[${String(position)}]" expected ` };
  assertRefuses(() => subject.loss.value(logits, targets, withEngine(subject, {})), refusal, `value, ${what}`);
  assertRefuses(
    () => subject.loss.evaluate(logits, targets, withEngine(subject, { gradient, losses })),
    refusal,
    `evaluate, ${what}`,
  );
  for (const [name, items] of [
    ['gradient', gradient],
    ['losses', losses],
  ] as const)
    for (let i = 0; i < items.length; i++)
      assertSame(
        at(items, i),
        Number.NaN,
        `${name}[${String(i)}] after the refusal, which leaves no half result, ${what}`,
      );
}

const badLogitsSpoil: Law = defineLaw(
  'a bad logit is refused by position, and the outputs are all NaN',
  always,
  (subject) => {
    const stream = random(subject.seed);
    // The second batch has many tiles before the one with the fault.
    for (const rows of [4, Math.ceil(6000 / subject.width)]) {
      const batch = drawBatch(subject, stream, { rows });
      const lossLength =
        subject.loss.evaluate(logitsOf(batch), targetsOf(batch), withEngine(subject, { losses: true })).losses
          ?.length ?? 0;
      for (const bad of badLogits(subject)) {
        const position = batch.logits.length - 2;
        const logits = batch.logits.slice();
        logits[position] = bad;
        for (const type of ['float64', 'float32'] as const)
          assertSpoiled(
            subject,
            logitsOf(withLogits(batch, logits), type),
            targetsOf(batch),
            logits.length,
            lossLength,
            position,
            `logits[${String(position)}] ${String(bad)}, ${type}`,
          );
      }
    }
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

import type { CallOptions } from '@surprisal/core';
import { assertHolds, assertRefuses, assertSame, assertSameBits, at } from '../assertions.js';
import { drawBatch, drawWeights, targetsOf, type Batch } from '../batch.js';
import { outcomeOf, withEngine } from '../call.js';
import { always, defineLaw, type Law } from '../law.js';
import { random } from '../random.js';
import { targetKinds, type Subject } from '../subject.js';

type FloatType = typeof Float64Array | typeof Float32Array;

/** Marks memory that nobody may write. */
const CANARY = -12345.5;
const MARGIN = 7;

/** A view into the middle of a larger array of canaries. */
function guarded(
  Type: FloatType,
  length: number,
): { readonly view: Float64Array | Float32Array; readonly assertIntact: (what: string) => void } {
  const all = new Type(length + 2 * MARGIN).fill(CANARY);
  const assertIntact = (what: string): void => {
    for (let i = 0; i < MARGIN; i++)
      for (const position of [i, length + MARGIN + i])
        assertSame(all[position], CANARY, `memory ${String(position - MARGIN)} numbers from the start of ${what}`);
  };
  return { view: all.subarray(MARGIN, MARGIN + length), assertIntact };
}

function assertBuffers(
  subject: Subject,
  batch: Batch,
  type: 'float64' | 'float32',
  options: CallOptions,
  what: string,
): void {
  const Type = type === 'float64' ? Float64Array : Float32Array;
  const expected = outcomeOf(subject, batch, options, type);
  const logits = guarded(Type, batch.logits.length);
  logits.view.set(batch.logits);
  const gradient = guarded(Type, batch.logits.length);
  const losses = guarded(Type, expected.losses.length);
  const outputs = { gradient: gradient.view, losses: losses.view };
  const data = { data: logits.view, dims: [batch.rows, batch.width] };
  const actual = subject.loss.evaluate(data, targetsOf(batch), withEngine(subject, { ...options, ...outputs }));
  assertHolds(actual.gradient === gradient.view, `gradient is the buffer given, ${what}`);
  assertHolds(actual.losses === losses.view, `losses are the buffer given, ${what}`);
  for (const [name, output] of [
    ['gradient', gradient],
    ['losses', losses],
    ['logits', logits],
  ] as const)
    output.assertIntact(`${name}, ${what}`);
  assertSame(actual.value, expected.value, `value, ${what}`);
  assertSameBits(gradient.view, expected.gradient, `gradient, ${what}`);
  assertSameBits(losses.view, expected.losses, `losses, ${what}`);
  const both = subject.loss.valueAndGradient(
    data,
    targetsOf(batch),
    withEngine(subject, { ...options, gradient: gradient.view.fill(CANARY) }),
  );
  assertHolds(both.gradient === gradient.view, `gradient of valueAndGradient is the buffer given, ${what}`);
  gradient.assertIntact(`gradient of valueAndGradient, ${what}`);
  assertSameBits(gradient.view, expected.gradient, `gradient of valueAndGradient, ${what}`);
}

const writesOnlyOutputs: Law = defineLaw(
  'nothing is written outside the outputs, and offsets change no bit',
  always,
  (subject) => {
    const stream = random(subject.seed);
    for (const targets of targetKinds(subject))
      for (const type of ['float64', 'float32'] as const)
        for (const rows of [1, 5]) {
          const batch = drawBatch(subject, stream, { rows, targets });
          assertBuffers(
            subject,
            batch,
            type,
            { sampleWeights: drawWeights(stream, rows) },
            `${String(rows)} rows, ${type}, ${targets} targets`,
          );
        }
  },
);

const leavesInputs: Law = defineLaw('inputs are never modified', always, (subject) => {
  const stream = random(subject.seed);
  for (const kind of targetKinds(subject)) {
    const batch = drawBatch(subject, stream, { rows: 6, targets: kind });
    const given = {
      logits: batch.logits,
      targets: batch.targets,
      sampleWeights: drawWeights(stream, 6),
      mask: Float64Array.of(1, 0, 1, 1, 0, 1),
    };
    const before = Object.entries(given).map(([name, items]) => [name, items, items.slice()] as const);
    const dims = [batch.rows, batch.width];
    const options = withEngine(subject, { sampleWeights: given.sampleWeights, mask: { data: given.mask, dims: [6] } });
    const call = [{ data: given.logits, dims }, targetsOf(batch)] as const;
    const verbs = {
      value: () => subject.loss.value(...call, options),
      valueAndGradient: () => subject.loss.valueAndGradient(...call, options),
      evaluate: () => subject.loss.evaluate(...call, { ...options, gradient: true, losses: true }),
    };
    for (const [verb, act] of Object.entries(verbs)) {
      act();
      for (const [name, items, copy] of before) assertSameBits(items, copy, `${name} after ${verb}, ${kind} targets`);
    }
  }
});

const refusesSharedMemory: Law = defineLaw(
  'outputs that share memory with inputs are refused and untouched',
  always,
  (subject) => {
    const batch = drawBatch(subject, random(subject.seed), { rows: 3 });
    const memory = new Float64Array(2 * batch.logits.length);
    const logits = memory.subarray(0, batch.logits.length);
    logits.set(batch.logits);
    const before = memory.slice();
    for (const offset of [0, 1]) {
      const gradient = memory.subarray(offset, offset + logits.length);
      const call = (): unknown =>
        subject.loss.valueAndGradient(
          { data: logits, dims: [batch.rows, batch.width] },
          targetsOf(batch),
          withEngine(subject, { gradient }),
        );
      assertRefuses(
        call,
        { kind: RangeError, starts: `${subject.loss.name}: "gradient"`, holds: ['logits'] },
        `gradient over the logits from position ${String(offset)} on`,
      );
      assertSameBits(memory, before, 'memory after the refusal');
    }
    assertHolds(at(logits, 0) === at(batch.logits, 0), 'logits are as they were');
  },
);

/** Laws about memory. */
export const bufferLaws: readonly Law[] = [writesOnlyOutputs, leavesInputs, refusesSharedMemory];

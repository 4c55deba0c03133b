import { randomNumbers } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { sigmoidLink } from '../sigmoid/index.js';
import { softmaxLink } from '../softmax/index.js';
import { LABEL_MEASURE, runEngine, type EngineCall, type EngineResult, type Room } from '../testing/run-engine.js';
import { markBuffer, REGIONS, THREAD_SIZE as ARRAYS_FROM } from '../wasm/kernel-memory.js';
import { PAGE, webAssembly } from '../wasm/web-assembly.js';

/*
 * What an engine may write is the gradient, the losses of its rows, and the place of its own link in the memory. Everything
 * else is filled with canaries before each call and looked at after it: the memory as a whole, and around ordinary arrays.
 * `runEngine` looks at logits (between NaN), gradient, losses, labels, targets, masks and weights.
 */
const PAGES = 10;
const CANARY = 0xa5;
/** Where constants end, and those of the second link begin; `scripts/build-wasm.ts` places them. */
const CONSTANTS = { softmax: { from: 1024, to: 32_768 }, sigmoid: { from: 32_768, to: PAGE } } as const;
const OFFSETS = Array.from({ length: 16 }, (_, index) => index);
const TYPES = [Float32Array, Float64Array] as const;

const memory = new (webAssembly().Memory)({ initial: PAGES, maximum: PAGES });
markBuffer(memory.buffer, { memory, shared: false, base: 0 });
const bytes = Buffer.from(memory.buffer as ArrayBuffer);
const canaries = Buffer.alloc(bytes.length, CANARY);
let next = ARRAYS_FROM;
/** One array after the other, with a cache line between them. */
const room: Room = (type, length) => {
  const array = new type(memory.buffer as ArrayBuffer, next, length);
  next += Math.ceil((length * type.BYTES_PER_ELEMENT) / 64) * 64 + 64;
  return array;
};

/** Runs a call in a memory full of canaries; throws when one outside of the link's own places and the arrays is gone. */
function runGuarded(link: 'softmax' | 'sigmoid', call: EngineCall): EngineResult {
  next = ARRAYS_FROM;
  bytes.fill(CANARY, REGIONS.softmax.from);
  const before = Buffer.from(bytes.subarray(0, PAGE));
  const result = runEngine({ ...call, rooms: { logits: room, gradient: room } });
  const other = link === 'softmax' ? 'sigmoid' : 'softmax';
  expectSame(bytes.subarray(0, 1024), before.subarray(0, 1024));
  const { from, to } = CONSTANTS[other];
  expectSame(bytes.subarray(from, to), before.subarray(from, to));
  expectCanaries(REGIONS[other].from, REGIONS[other].to);
  expectCanaries(next, bytes.length);
  return result;
}

function expectSame(actual: Buffer, expected: Buffer): void {
  if (Buffer.compare(actual, expected) !== 0) throw new Error('constants were written');
}

function expectCanaries(from: number, to: number): void {
  if (Buffer.compare(bytes.subarray(from, to), canaries.subarray(from, to)) !== 0)
    throw new Error(`something from ${String(from)} to ${String(to)} was written`);
}

/** Whether losses and gradients are the same numbers; `toEqual` takes longer than all calls together. */
function expectBits(actual: EngineResult, expected: EngineResult): void {
  for (const name of ['losses', 'gradient'] as const)
    if (actual[name].some((value, index) => !Object.is(value, expected[name][index])))
      throw new Error(`${name}: ${String(actual[name])} is not ${String(expected[name])}`);
  expect(actual.fault).toBe(expected.fault);
}

const softmaxEngines = softmaxLink.engines.filter(({ available }) => available?.() ?? true);
const sigmoidEngines = sigmoidLink.engines.filter(({ available }) => available?.() ?? true);

/** And those of rows one at a time, from the first that is too long to go beside others in any type. */
const CLASS_COUNTS = Array.from({ length: 86 }, (_, index) => (index < 69 ? 2 + index : 256 + index - 69));

describe.each(softmaxEngines)('rows by $name: C from 2 to 70 and 256 to 272, offsets from 0 to 15', (engine) => {
  it.each(TYPES)('nothing outside is written or counted: %o', (type) => {
    const random = randomNumbers(5);
    for (const classes of CLASS_COUNTS) {
      const rows = 3;
      const logits = new type(rows * classes).map(() => 4 * random.normal());
      // The last row needs a look at its largest logit.
      logits[(rows - 1) * classes] = -Infinity;
      const labels = [0, classes - 1, 1];
      const vector = new Float64Array(classes).fill(1);
      vector[0] = 0;
      for (const labelMeasure of [LABEL_MEASURE, { direct: 0.9, spread: 0.01, vector }]) {
        const call = { engine, logits, labels, layout: { rows, classes, inner: 1 }, plan: { labelMeasure } };
        const expected = runEngine({ ...call, margin: 0 });
        for (const margin of OFFSETS) {
          expectBits(runEngine({ ...call, margin }), expected);
          if (engine.name !== 'typescript') expectBits(runGuarded('softmax', { ...call, margin }), expected);
        }
      }
    }
  });
});

describe.each(sigmoidEngines)('elements by $name: 2 to 70 of them, offsets from 0 to 15', (engine) => {
  it.each(TYPES)('nothing outside is written or counted: %o', (type) => {
    const random = randomNumbers(6);
    for (let count = 2; count <= 70; count++) {
      const logits = new type(count).map(() => 4 * random.normal());
      const targets = Array.from(logits, () => random.below(5) / 4);
      const keep = targets.map((_, index) => Number(index !== 1));
      const layout = { rows: 1, classes: count, inner: 1 };
      for (const more of [{}, { keep }]) {
        const call = { engine, logits, targets, layout, ...more };
        const expected = runEngine({ ...call, margin: 0 });
        for (const margin of OFFSETS) {
          expectBits(runEngine({ ...call, margin }), expected);
          if (engine.name !== 'typescript') expectBits(runGuarded('sigmoid', { ...call, margin }), expected);
        }
      }
    }
  });
});

it('what is written where it should not be is found', () => {
  const call = {
    logits: new Float32Array(8),
    labels: [0, 1],
    layout: { rows: 2, classes: 4, inner: 1 },
    plan: { labelMeasure: LABEL_MEASURE },
  };
  const writing = (at: number): (() => unknown) => {
    const engine = {
      name: 'careless',
      open: () => ({ capacity: 2, run: () => void (bytes[at] = 1) }),
    };
    return () => runGuarded('softmax', { ...call, engine });
  };
  for (const at of [3, 40_000, REGIONS.sigmoid.from, REGIONS.sigmoid.to - 1, ARRAYS_FROM + 12, bytes.length - 1])
    expect(writing(at)).toThrow(/written/);
  expect(writing(REGIONS.softmax.from)).not.toThrow();
});

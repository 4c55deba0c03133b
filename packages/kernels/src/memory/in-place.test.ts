import type { Engine, Problem } from '@surprisal/core';
import { numberSink, numberSource } from '@surprisal/core';
import { randomRows } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import * as sigmoid from '../sigmoid/index.js';
import { layOutElements } from '../sigmoid/simd/element-memory.js';
import { plainElements } from '../sigmoid/simd/sigmoid-program.js';
import { placeTile } from '../sigmoid/simd/tile-place.js';
import * as softmax from '../softmax/index.js';
import { createSimdEngine } from '../softmax/simd/simd-engine.js';
import { createSimdStage } from '../softmax/simd/simd-stage.js';
import { plainSource } from '../softmax/simd/softmax-program.js';
import { LABEL_MEASURE, runEngine, type EngineCall, type Room } from '../testing/run-engine.js';
import { programFor } from '../wasm/wasm-program.js';
import { fixedMemory, growingMemory } from './array-memory.js';

const memories = [
  { name: 'shared memory, which grows', make: growingMemory },
  { name: 'memory of fixed size', make: fixedMemory },
].map(({ name, make }) => ({ name, room: roomIn(make) }));

function roomIn(make: typeof fixedMemory): Room {
  const memory = make(2 ** 20);
  return (type, length) => {
    const at = memory?.take(Math.ceil((length * 8) / 64) * 64);
    if (memory === undefined || at === undefined) throw new Error('no room');
    return new type(memory.buffer() as ArrayBuffer, at, length);
  };
}

const CASES = memories.flatMap((memory) =>
  ([Float32Array, Float64Array] as const).map((type) => ({ ...memory, type, typeName: type.name })),
);

/** Long rows in small parts, so that every way of a row is taken. */
const parted = createSimdEngine('parts', plainSource, { tile: 64, part: 128, resident: 256 });
const softmaxEngines = [...softmax.softmaxLink.engines, parted].filter(isAvailable);
const sigmoidEngines = sigmoid.sigmoidLink.engines.filter(isAvailable);

function isAvailable({ available }: Engine): boolean {
  return available === undefined || available();
}

/** Each of logits and gradient in the memory or elsewhere. */
function roomsOf(room: Room): readonly NonNullable<EngineCall['rooms']>[] {
  return [{ logits: room, gradient: room }, { logits: room }, { gradient: room }];
}

describe.each(CASES)('$typeName in $name', ({ room, type }) => {
  it('rows are computed to the same bits, and nothing else is written', () => {
    for (const classes of [2, 3, 7, 33, 64, 67, 300, 1001]) {
      const made = [
        ...randomRows({ seed: classes, logits: 9 * classes, type: typeOf(type), classes: [classes, classes] }),
      ];
      const rows = made.slice(0, 9);
      const call = {
        logits: type.from(rows.flatMap(({ logits }) => [...logits])),
        labels: rows.map(({ label }) => label),
        keep: rows.map((_, index) => Number(index !== 4)),
        layout: { rows: rows.length, classes, inner: 1 },
      };
      const vector = Float64Array.from({ length: classes }, (_, index) => 1 + (index % 3));
      for (const labelMeasure of [LABEL_MEASURE, { direct: 0.5, spread: 0.1, vector }])
        for (const engine of softmaxEngines) {
          const apart = runEngine({ ...call, engine, plan: { labelMeasure } });
          for (const rooms of roomsOf(room))
            for (const margin of [0, 1, 3]) {
              const each = { ...call, engine, plan: { labelMeasure }, rooms, margin };
              expect(runEngine(each)).toEqual(apart);
              expect(runEngine({ ...each, valueOnly: true }).losses).toEqual(apart.losses);
            }
        }
    }
  });

  it('faults are found, and NaN that may pass makes its own row NaN', () => {
    for (const classes of [3, 70, 200]) {
      const logits = new type(3 * classes).map((_, index) => (index === classes + 2 ? NaN : index % 5));
      const call = {
        logits,
        labels: [0, 1, 2],
        layout: { rows: 3, classes, inner: 1 },
        plan: { labelMeasure: LABEL_MEASURE },
      };
      for (const engine of softmaxEngines)
        for (const rooms of roomsOf(room)) {
          const { fault } = runEngine({ ...call, engine, rooms });
          expect(fault).toEqual({ kind: 'number', position: classes + 2, value: NaN });
          const passing = { ...call, engine, propagate: true };
          expect(runEngine({ ...passing, rooms })).toEqual(runEngine(passing));
        }
    }
  });

  it('elements are computed to the same bits, and nothing else is written', () => {
    for (const count of [1, 4, 7, 64, 1001, 5000]) {
      const logits = new type(count).map((_, index) => 30 * Math.sin(index));
      const targets = Array.from(logits, (_, index) => (index % 5) / 4);
      const keep = targets.map((_, index) => Number(index !== 3));
      const call = { logits, targets, keep, layout: { rows: count, classes: 1, inner: 1 } };
      for (const plan of [{}, { logitSteps: [{ kind: 'affine', scale: 0.5 }] as const }])
        for (const engine of sigmoidEngines) {
          const apart = runEngine({ ...call, engine, plan });
          for (const rooms of roomsOf(room))
            for (const margin of [0, 1, 3]) {
              expect(runEngine({ ...call, engine, plan, rooms, margin })).toEqual(apart);
              const { losses } = runEngine({ ...call, engine, plan, rooms, margin, valueOnly: true });
              expect(losses).toEqual(apart.losses);
            }
        }
    }
  });

  it('programs of both links, plain and relaxed, share the memory without a trace', () => {
    const logits = new type(120).map((_, index) => 9 * Math.sin(index));
    const rooms = { logits: room, gradient: room };
    const rows = { logits, labels: [0, 29, 7, 3], layout: { rows: 4, classes: 30, inner: 1 } };
    const plan = { labelMeasure: LABEL_MEASURE };
    const elements = {
      logits,
      targets: Array.from(logits, (_, index) => index % 2),
      layout: { rows: 120, classes: 1, inner: 1 },
    };
    for (let turn = 0; turn < 2; turn++) {
      for (const engine of softmaxEngines)
        expect(runEngine({ ...rows, engine, plan, rooms })).toEqual(runEngine({ ...rows, engine, plan }));
      for (const engine of sigmoidEngines)
        expect(runEngine({ ...elements, engine, rooms })).toEqual(runEngine({ ...elements, engine }));
    }
  });

  it('infinite elements are done again in place', () => {
    const logits = type.from([1, Infinity, -Infinity, 2]);
    const call = { logits, targets: [0, 1, 1, 0.5], layout: { rows: 4, classes: 1, inner: 1 } };
    for (const engine of sigmoidEngines)
      expect(runEngine({ ...call, engine, rooms: { logits: room, gradient: room } })).toEqual(
        runEngine({ ...call, engine }),
      );
  });
});

describe.each(memories)('nothing is copied in $name', ({ room }) => {
  const [logits, gradient] = [room(Float32Array, 32), room(Float32Array, 32)];
  const problem = {
    input: 'logits',
    layout: { rows: 8, classes: 4, inner: 1 },
    logits: numberSource(logits, 'float32'),
    gradient: numberSink(gradient, 'float32'),
    plan: { logitSteps: [] as const },
  } as unknown as Problem;

  it('of rows', () => {
    const program = programFor(plainSource, problem);
    if (program === undefined) throw new Error('no program');
    const stage = createSimdStage(program, problem, { tile: 64, part: 128, resident: 0 });
    expect(stage.logitsAt).toBe(logits.byteOffset);
    expect(stage.gradientAt).toBe(gradient.byteOffset / 4);
  });

  it('of elements', () => {
    const program = programFor(plainElements, problem);
    if (program === undefined) throw new Error('no program');
    const memory = layOutElements(program)('float32');
    const tile = { first: 8, count: 16 } as Parameters<typeof placeTile>[2];
    expect(placeTile(problem, memory, tile)).toMatchObject({
      zAt: logits.byteOffset + 32,
      qAt: gradient.byteOffset + 32,
      readsInPlace: true,
      writesInPlace: true,
    });
  });
});

function typeOf(type: Float32ArrayConstructor | Float64ArrayConstructor): 'float32' | 'float64' {
  return type === Float32Array ? 'float32' : 'float64';
}

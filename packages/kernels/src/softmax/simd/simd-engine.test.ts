import type { Engine } from '@surprisal/core';
import { randomRows, ulpsBetweenPairs, doubleDoubleSoftmaxRow, type FloatType } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { compileWasm } from '../../../scripts/build-wasm.ts';
import { LABEL_MEASURE, runEngine, type EngineCall, type EngineResult } from '../../testing/run-engine.js';
import { softmaxModules } from '../../generated/softmax.js';
import { plainModule } from '../../wasm/decode-module.js';
import { REGIONS } from '../../wasm/kernel-memory.js';
import { wasmSource } from '../../wasm/wasm-program.js';
import { typescriptEngine } from '../typescript-engine.js';
import { createSimdEngine, relaxedSimdEngine, simdEngine } from './simd-engine.js';
import { plainSource, relaxedSource, type SoftmaxFunctions } from './softmax-program.js';

/** Node 20 has no relaxed operations. */
const engines = [
  { engine: simdEngine, source: plainSource },
  { engine: relaxedSimdEngine, source: relaxedSource },
].filter(({ source }) => source.load() !== undefined);
const TYPES = ['float32', 'float64'] as const;
const cases = engines.flatMap(({ engine, source }) =>
  TYPES.map((type) => ({ name: engine.name, engine, source, type })),
);

const plan = { labelMeasure: LABEL_MEASURE };

function arrayOf(type: FloatType, values: Iterable<number>): Float32Array | Float64Array {
  return type === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
}

/** Rows of all kinds, one class count. */
function batch(
  type: FloatType,
  rows: number,
  classes: number,
  seed: number,
): Required<Pick<EngineCall, 'logits' | 'labels'>> {
  const made = [...randomRows({ seed, logits: rows * classes, type, classes: [classes, classes] })].slice(0, rows);
  return {
    logits: arrayOf(
      type,
      made.flatMap(({ logits }) => [...logits]),
    ),
    labels: made.map(({ label }) => label),
  };
}

function rowOf({ losses, gradient }: EngineResult, row: number, classes: number): unknown {
  return [losses[row], [...gradient.subarray(row * classes, (row + 1) * classes)]];
}

describe.each(cases)('the bits of a row of $name, $type', ({ engine, source, type }) => {
  it.each([2, 3, 5, 10, 31, 32, 33, 64, 100, 129, 333])(
    'of %d classes do not depend on its batch or tile',
    (classes) => {
      const rows = 13;
      const { logits, labels } = batch(type, rows, classes, 3);
      const layout = { rows, classes, inner: 1 };
      const call = { engine, logits, labels, layout, plan, gradientScale: 0.3 };
      const whole = runEngine(call);
      expect(runEngine({ ...call, tileRows: 1 })).toEqual(whole);
      expect(runEngine({ ...call, tileRows: 5 })).toEqual(whole);
      for (let row = 0; row < rows; row++) {
        const one = logits.slice(row * classes, (row + 1) * classes);
        const alone = runEngine({ ...call, logits: one, labels: [labels[row]], layout: { ...layout, rows: 1 } });
        expect(rowOf(alone, 0, classes)).toEqual(rowOf(whole, row, classes));
      }
    },
  );

  it.each([128, 256, 1024])('do not depend on how it is cut into parts of %d', (part) => {
    const [rows, classes] = [12, 1500];
    const call = { engine, ...batch(type, rows, classes, 4), layout: { rows, classes, inner: 1 }, plan };
    const whole = runEngine(call);
    for (const resident of [0, part, 3 * part, Infinity]) {
      const parted = createSimdEngine('parts', source, { tile: 64, part, resident });
      expect(runEngine({ ...call, engine: parted })).toEqual(whole);
    }
  });

  it.each([50, 300, 700])('of %d classes do not depend on what the rows before needed', (classes) => {
    const rows = 60;
    const { logits, labels } = batch(type, rows, classes, 7);
    // Rows that need a look at the largest, and others, in long runs and short ones.
    const masked = logits.map((z, at) => {
      const row = Math.floor(at / classes);
      const label = labels[row];
      return at % classes !== label && at % classes === (label + 1) % classes && (row < 20 || row % 3 === 0)
        ? -Infinity
        : z;
    });
    const call = { engine, logits: masked, labels, layout: { rows, classes, inner: 1 }, plan };
    const whole = runEngine(call);
    expect(runEngine({ ...call, tileRows: 1 })).toEqual(whole);
    for (let row = 0; row < rows; row++) {
      const one = masked.slice(row * classes, (row + 1) * classes);
      const alone = runEngine({ ...call, logits: one, labels: [labels[row]], layout: { rows: 1, classes, inner: 1 } });
      expect(rowOf(alone, 0, classes)).toEqual(rowOf(whole, row, classes));
    }
  });

  it('do not depend on the layout, nor on whether there is a gradient', () => {
    const [rows, classes] = [7, 333];
    const { logits, labels } = batch(type, rows, classes, 5);
    const call = { engine, logits, labels, layout: { rows, classes, inner: 1 }, plan };
    const whole = runEngine(call);
    const strided = logits.slice();
    for (let r = 0; r < rows; r++) for (let c = 0; c < classes; c++) strided[c * rows + r] = logits[r * classes + c];
    const parted = createSimdEngine('parts', source, { tile: 64, part: 128, resident: 128 });
    for (const each of [engine, parted]) {
      expect(runEngine({ ...call, engine: each, valueOnly: true }).losses).toEqual(whole.losses);
      const result = runEngine({ ...call, engine: each, logits: strided, layout: { rows, classes, inner: rows } });
      expect(result.losses).toEqual(whole.losses);
      for (let r = 0; r < rows; r++)
        for (let c = 0; c < classes; c++) expect(result.gradient[c * rows + r]).toBe(whole.gradient[r * classes + c]);
    }
  });

  it('are those of the way through the maximum', () => {
    // A label within the usual range, whose row another class of -Infinity sends through the maximum and nothing else.
    for (let classes = 2; classes <= 600; classes += 1 + (classes >> 2)) {
      const values = Array.from({ length: classes }, (_, index) => 3 * Math.sin(7 * index + classes));
      for (const shift of [0, 20, -35.5]) {
        const row = arrayOf(type, [...values.map((value) => value + shift), -Infinity]);
        const usual = arrayOf(type, [...row.subarray(0, classes), type === 'float32' ? shift - 80 : shift - 600]);
        const label = classes >> 1;
        const layout = { rows: 1, classes: classes + 1, inner: 1 };
        const one = runEngine({ engine, logits: row, labels: [label], layout, plan });
        const other = runEngine({ engine, logits: usual, labels: [label], layout, plan });
        expect(one.losses).toEqual(other.losses);
        expect(one.gradient.subarray(0, classes)).toEqual(other.gradient.subarray(0, classes));
      }
    }
  });
});

describe.each(engines)('spread targets: $engine.name', ({ engine, source }) => {
  const [rows, classes] = [12, 1501];
  const vector = Float64Array.from({ length: classes }, (_, index) => 1 / (7 + (index % 13)));
  const spreadWeights = vector.map((value) => 3 * value);
  const labelMeasure = { direct: 0.9, spread: 0.1, directWeights: vector, spreadWeights, vector };
  const weights = Array.from({ length: rows }, (_, index) => index / 2);
  const keep = weights.map((_, index) => Number(index !== 5));
  const call = { engine, ...batch('float32', rows, classes, 6), layout: { rows, classes, inner: 1 }, weights, keep };
  const whole = runEngine({ ...call, plan: { labelMeasure } });

  it('the bits of a row do not depend on tiles, on parts or on the gradient', () => {
    expect(whole.losses.some((loss) => loss > 0 && loss < Infinity)).toBe(true);
    expect(runEngine({ ...call, plan: { labelMeasure }, tileRows: 1 })).toEqual(whole);
    expect(runEngine({ ...call, plan: { labelMeasure }, valueOnly: true }).losses).toEqual(whole.losses);
    for (const resident of [0, 256, Infinity]) {
      const parted = createSimdEngine('parts', source, { tile: 64, part: 128, resident });
      expect(runEngine({ ...call, engine: parted, plan: { labelMeasure } })).toEqual(whole);
    }
  });

  it('are those of the way through the maximum', () => {
    // Another class, without mass, that is masked sends a row through the maximum and changes nothing else.
    for (let classes = 9; classes <= 600; classes += 1 + (classes >> 3)) {
      const values = Array.from({ length: classes }, (_, index) => 3 * Math.sin(7 * index + classes));
      const mass = new Float64Array(classes + 1).fill(0.01);
      mass[classes] = 0;
      const measure = { plan: { labelMeasure: { direct: 0.9, spread: 1, vector: mass } } };
      for (const shift of [0, 20, -35.5]) {
        const moved = values.map((value) => value + shift);
        const each = {
          engine,
          labels: [classes >> 1],
          layout: { rows: 1, classes: classes + 1, inner: 1 },
          ...measure,
        };
        const one = runEngine({ ...each, logits: Float32Array.from([...moved, -Infinity]) });
        const other = runEngine({ ...each, logits: Float32Array.from([...moved, shift - 80]) });
        expect(one.losses).toEqual(other.losses);
        expect(one.gradient.subarray(0, classes)).toEqual(other.gradient.subarray(0, classes));
      }
    }
  });

  it('come close to those of the TypeScript engine, which has been checked with the same targets', () => {
    const other = runEngine({ ...call, engine: typescriptEngine, plan: { labelMeasure } });
    const ratios = whole.losses.map((loss, row) => (loss === other.losses[row] ? 1 : loss / other.losses[row]));
    ratios.forEach((ratio) => expect(Math.abs(ratio - 1)).toBeLessThan(1e-6));
    // The gradient of a row is of the size of its weight.
    whole.gradient.forEach((value, index) => {
      expect(Math.abs(value - other.gradient[index])).toBeLessThanOrEqual(1e-6 * weights[Math.floor(index / classes)]);
    });
  });

  it('a hard label after them has no trace of them', () => {
    const plain = { ...call, plan: { labelMeasure: LABEL_MEASURE } };
    const before = runEngine(plain);
    runEngine({ ...call, plan: { labelMeasure } });
    expect(runEngine(plain)).toEqual(before);
  });
});

describe.each(cases)('weights, ignored rows and edges of $name, $type', ({ engine, source, type }) => {
  const layout = { rows: 3, classes: 2, inner: 1 };
  const parted = createSimdEngine('parts', source, { tile: 0, part: 128, resident: 0 });

  it('nothing of an ignored row is read: loss and gradient are 0', () => {
    const logits = arrayOf(type, [1, 2, NaN, Infinity, 3, 1]);
    for (const each of [engine, parted]) {
      const call = { engine: each, logits, layout, labels: [0, -100, 1], keep: [1, 0, 1], plan };
      const { losses, gradient } = runEngine(call);
      expect(losses[1]).toBe(0);
      expect([...gradient.subarray(2, 4)]).toEqual([0, 0]);
      expect(losses[0]).toBeCloseTo(1.3132616875182228, 6);
      expect(losses[2]).toBeCloseTo(2.1269280110429727, 6);
    }
  });

  it('sample weight times class weight multiplies loss and gradient', () => {
    const logits = arrayOf(type, [1, 2, 0, 0, 3, 1]);
    const bare = runEngine({ engine, logits, layout, labels: [0, 1, 1], plan });
    const labelMeasure = { ...LABEL_MEASURE, directWeights: Float64Array.of(2, 4) };
    const weights = [0.5, 0, 8];
    for (const each of [engine, parted]) {
      const weighted = runEngine({ engine: each, logits, layout, labels: [0, 1, 1], weights, plan: { labelMeasure } });
      [1, 0, 32].forEach((factor, row) => {
        expect(weighted.losses[row]).toBe(factor * bare.losses[row]);
        const expected = [...bare.gradient.subarray(2 * row, 2 * row + 2)].map((value) => factor * value + 0);
        expect([...weighted.gradient.subarray(2 * row, 2 * row + 2)]).toEqual(expected);
      });
    }
  });

  it('a masked class has gradient 0, a masked label loss Infinity, unless the row has no mass', () => {
    const logits = arrayOf(type, [0, -Infinity, 0, 0, -Infinity, 0, 0, -Infinity, 0]);
    const shape = { rows: 3, classes: 3, inner: 1 };
    for (const each of [engine, parted]) {
      const call = { engine: each, logits, layout: shape, labels: [0, 1, 1], weights: [1, 1, 0], plan };
      const { losses, gradient } = runEngine(call);
      expect(losses[0]).toBeCloseTo(Math.LN2, 6);
      expect([...losses.subarray(1)]).toEqual([Infinity, 0]);
      expect([...gradient]).toEqual([-0.5, 0, 0.5, 0.5, -1, 0.5, 0, 0, 0]);
    }
  });

  it.each([
    { values: [0, 1, 2, 3, NaN, 4], kind: 'number', position: 4, value: NaN },
    { values: [0, 1, Infinity, 3, NaN, 4], kind: 'number', position: 2, value: Infinity },
    { values: [0, 1, 2, -Infinity, -Infinity, -Infinity], kind: 'masked', position: 3, value: -Infinity },
    { values: [0, 1, 2, -Infinity, NaN, -Infinity], kind: 'number', position: 4, value: NaN },
    { values: [0, 1, 2, 0, NaN, 0], labels: [0, 0], kind: 'number', position: 4, value: NaN },
  ])('$kind fault at position $position', ({ values, labels = [0, 1], ...fault }) => {
    const call = { logits: arrayOf(type, values), layout: { rows: 2, classes: 3, inner: 1 }, labels, plan };
    for (const each of [engine, parted]) expect(runEngine({ ...call, engine: each }).fault).toEqual(fault);
  });

  it('propagated NaN and Infinity make their own row NaN', () => {
    const shape = { rows: 2, classes: 3, inner: 1 };
    for (const each of [engine, parted]) {
      const run = (values: readonly number[]): EngineResult =>
        runEngine({
          engine: each,
          logits: arrayOf(type, values),
          layout: shape,
          labels: [0, 1],
          plan,
          propagate: true,
        });
      const clean = run([0, 1, 2, 3, 4, 5]);
      for (const bad of [NaN, Infinity]) {
        const { losses, gradient } = run([0, 1, bad, 3, 4, 5]);
        expect([...losses]).toEqual([NaN, clean.losses[1]]);
        expect([...gradient]).toEqual([NaN, NaN, NaN, ...clean.gradient.subarray(3)]);
      }
      expect(run([-Infinity, -Infinity, -Infinity, 3, 4, 5]).fault?.kind).toBe('masked');
    }
  });

  it('a factor near the ends of the range loses no digits', () => {
    const logits = arrayOf(type, [0, 1, 2]);
    const call = { engine, logits, layout: { rows: 1, classes: 3, inner: 1 }, labels: [0], plan };
    const bare = runEngine(call).gradient;
    const factor = type === 'float32' ? 2 ** -120 : 2 ** -1000;
    const tiny = runEngine({ ...call, gradientScale: factor }).gradient;
    expect([...tiny]).toEqual([...bare].map((value) => value * factor));
  });
});

/** Whether the loss and gradient of some rows break the bounds. */
function isWrong(engine: Engine): boolean {
  for (const { logits, label } of randomRows({ seed: 9, logits: 40_000, type: 'float32', classes: [2, 600] })) {
    const layout = { rows: 1, classes: logits.length, inner: 1 };
    const { losses, gradient, fault } = runEngine({ engine, logits, layout, labels: [label], plan });
    const exact = {
      loss: new Float64Array(2),
      gradientHigh: new Float64Array(logits.length),
      gradientLow: new Float64Array(logits.length),
    };
    doubleDoubleSoftmaxRow(logits, label, exact);
    if (fault !== undefined) return true;
    if (!(ulpsBetweenPairs(Math.fround(losses[0]), exact.loss[0], exact.loss[1], 'float32') <= 3.5)) return true;
    for (let j = 0; j < gradient.length; j++)
      if (!(ulpsBetweenPairs(gradient[j], exact.gradientHigh[j], exact.gradientLow[j], 'float32') <= 5)) return true;
  }
  return false;
}

/** The engine with a text of its sources replaced. */
async function mutant(from: string | RegExp, to: string): Promise<Engine> {
  let edits = 0;
  const compiled = await compileWasm('softmax.ts', (text) => {
    const edited = text.replaceAll(from, to);
    if (edited !== text) edits++;
    return edited;
  });
  if (edits === 0) throw new Error('the text to replace is not there');
  return createSimdEngine(
    'mutant',
    wasmSource<SoftmaxFunctions>(() => compiled, REGIONS.softmax),
  );
}

describe('planted faults', () => {
  it('the engine as it is passes, recompiled', async () => {
    expect(isWrong(await mutant('LARGEST_GAP', 'FARTHEST'))).toBe(false);
  });

  it.each([
    ['the label is not left out of the rest', 'store<f32>(atLabel, 0);', ''],
    ['the label is left out, the block not summed again', 'sum = sumBlock(start, length);', ''],
    [
      'the row that overflowed is not refused',
      'const HIGHEST: i32 = MAGIC_BITS + 60',
      'const HIGHEST: i32 = 0x7fffffff',
    ],
    ['the largest of a short row is not left out', /v128\.andnot\((e\d), is\d\)/g, '$1'],
    ['what is as large is left out too', 'ties = i32x4.sub(ties, is0)', ''],
    ['large values are not subtracted', 'const LARGEST_UNSHIFTED: f32 = 256', 'const LARGEST_UNSHIFTED: f32 = 1e35'],
    ['the far label is not told by its logit', 'const FAR: f64 = 43', 'const FAR: f64 = 1e9'],
  ])('%s: found', async (_, from, to) => {
    expect(isWrong(await mutant(from, to))).toBe(true);
  });

  it('an odd shift is found where n is half-way', async () => {
    // Near (n + 1/2) log 2 the product with log2 e may round to n + 1/2, a tie, which an odd shift would send the other way.
    const odd = await mutant('- HEADROOM;', '- HEADROOM - 1;');
    const call = { layout: { rows: 1, classes: 300, inner: 1 }, labels: [0], plan };
    const others = new Array<number>(296).fill(30);
    const differs = (engine: Engine): boolean => {
      for (let n = 60; n <= 90; n++)
        for (let step = -4; step <= 4; step++) {
          const z = Math.fround((n + 0.5) * Math.LN2) * (1 + step * 2 ** -24);
          const usual = runEngine({ ...call, engine, logits: Float32Array.of(n * Math.LN2, z, 40, 0, ...others) });
          const other = runEngine({
            ...call,
            engine,
            logits: Float32Array.of(n * Math.LN2, z, 40, -Infinity, ...others),
          });
          if (usual.gradient[1] !== other.gradient[1]) return true;
        }
      return false;
    };
    expect(differs(simdEngine)).toBe(false);
    expect(differs(odd)).toBe(true);
  });
});

describe.each([3, 51])('a masked class of %d under a huge factor', (classes) => {
  const call = {
    logits: Float32Array.from({ length: classes }, (_, index) => (index === classes - 1 ? -Infinity : index / classes)),
    layout: { rows: 1, classes, inner: 1 },
    labels: [0],
    gradientScale: 2 ** 100,
    plan,
  };

  it.each(engines)('has gradient 0: $engine.name', ({ engine }) => {
    expect(runEngine({ ...call, engine }).gradient[classes - 1]).toBe(0);
  });

  it('has none where terms far below are clamped instead of masked: found', async () => {
    const engine = await mutant(
      /f32x4\.sub\((v128\.load\(from\), offset|v128\.load\(at\), base)\)/g,
      'f32x4.pmax(threshold, $&)',
    );
    expect(runEngine({ ...call, engine }).gradient[classes - 1]).toBeGreaterThan(0);
  });
});

describe('a runtime that refuses', () => {
  it('WebAssembly has no such engine', () => {
    const broken = createSimdEngine(
      'broken',
      wasmSource<SoftmaxFunctions>(() => ({ digits: '0000', addresses: '' }), REGIONS.softmax),
    );
    expect(broken.available?.()).toBe(false);
    const refused = wasmSource<SoftmaxFunctions>(
      () => plainModule(softmaxModules),
      REGIONS.softmax,
      () => false,
    );
    expect(refused.load()).toBeUndefined();
  });

  it('what an engine cannot do the TypeScript engine does, and the session says so', () => {
    const problem = { logits: Float64Array.of(1, 2), layout: { rows: 1, classes: 2, inner: 1 }, labels: [0] };
    const measure = { plan: { ...plan, customs: [{ rule: () => undefined, parameters: {} }] } };
    let opened: string | undefined;
    const spy: Engine = {
      name: 'spy',
      open: (of) => {
        const session = simdEngine.open(of);
        opened = session.engine;
        return session;
      },
    };
    runEngine({ ...problem, ...measure, engine: spy });
    expect(opened).toBe('typescript');
    runEngine({ ...problem, plan, engine: spy });
    expect(opened).toBeUndefined();
  });
});

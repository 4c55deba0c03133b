import { randomNumbers, type FloatType } from '@surprisal/reference';
import { describe, expect, it } from 'vitest';
import { compileWasm } from '../../../scripts/build-wasm.ts';
import { REGIONS } from '../../wasm/kernel-memory.js';
import { wasmSource, type WasmProgram } from '../../wasm/wasm-program.js';
import {
  plainSource,
  relaxedSource,
  rowFunctions32,
  rowFunctions64,
  type RowFunctions,
  type SoftmaxFunctions,
} from './softmax-program.js';

const MOST_CLASSES = 160;

/** A row in the memory of a program. */
interface Stage {
  readonly functions: SoftmaxFunctions;
  readonly rows: RowFunctions;
  readonly at: number;
  readonly numbers: Float32Array | Float64Array;
}

function stageOf({ functions, memory, own }: WasmProgram<SoftmaxFunctions>, type: FloatType): Stage {
  const numbers =
    type === 'float32'
      ? new Float32Array(memory, own.from, MOST_CLASSES)
      : new Float64Array(memory, own.from, MOST_CLASSES);
  functions.setDistance(0);
  functions.setVector(0, 0, 0, 0);
  return {
    functions,
    rows: type === 'float32' ? rowFunctions32(functions) : rowFunctions64(functions),
    at: own.from,
    numbers,
  };
}

interface Result {
  readonly loss: number;
  readonly gradient: Float32Array | Float64Array;
}

/** The way that looks at nothing first; undefined where it says that it was wrong. */
function fastWay({ rows, at, numbers }: Stage, row: Float32Array | Float64Array, label: number): Result | undefined {
  numbers.set(row);
  if (rows.beginUsual(row[label]) === 0) return undefined;
  rows.exponentiate(at, row.length, label, 0);
  if (rows.wasUsual() === 0) return undefined;
  const loss = rows.finish(row[label], 1, 1, 0);
  rows.writeGradient(at, row.length, label);
  return { loss, gradient: numbers.slice(0, row.length) };
}

/** The way through the maximum, which takes every row. */
function generalWay({ functions, rows, at, numbers }: Stage, row: Float32Array | Float64Array, label: number): Result {
  numbers.set(row);
  functions.beginTop();
  rows.findTop(at, row.length);
  if (rows.beginShifted() === 0) throw new Error('a row of numbers was refused');
  rows.exponentiate(at, row.length, label, 1);
  const loss = rows.finish(row[label], 1, 1, 1);
  rows.writeGradient(at, row.length, label);
  return { loss, gradient: numbers.slice(0, row.length) };
}

function isSame(one: Result, other: Result): boolean {
  return one.loss === other.loss && one.gradient.every((value, index) => Object.is(value, other.gradient[index]));
}

/** Rows of every scale; in each some logits near odd multiples of log(2) / 2, where the rounding to n has its ties. */
function differences(
  program: WasmProgram<SoftmaxFunctions>,
  type: FloatType,
  wanted: number,
): { rows: number; differ: number } {
  const random = randomNumbers(11);
  const stage = stageOf(program, type);
  const Numbers = type === 'float32' ? Float32Array : Float64Array;
  let [rows, differ] = [0, 0];
  while (rows < wanted) {
    const classes = 2 + random.below(MOST_CLASSES - 1);
    const scale = random.pick([0.01, 1, 5, 12, 40]);
    const offset = random.pick([0, 0, 50, -80]);
    const row = new Numbers(classes).map(() => {
      const tie = (random.below(100) - 50 + 0.5) * Math.LN2 * (1 + (random.below(5) - 2) * 2 ** -24);
      return offset + (random.below(8) === 0 ? tie : scale * random.normal());
    });
    const label = random.below(classes);
    const fast = fastWay(stage, row, label);
    if (fast === undefined) continue;
    rows++;
    if (!isSame(fast, generalWay(stage, row, label))) differ++;
  }
  return { rows, differ };
}

async function programOf(edit: (text: string) => string): Promise<WasmProgram<SoftmaxFunctions>> {
  let edits = 0;
  const compiled = await compileWasm('softmax.ts', (text) => {
    const edited = edit(text);
    if (edited !== text) edits++;
    return edited;
  });
  if (edits === 0) throw new Error('the text to replace is not there');
  const program = wasmSource<SoftmaxFunctions>(() => compiled, REGIONS.softmax).load();
  if (program === undefined) throw new Error('the mutant does not load');
  return program;
}

/** Node 20 has no relaxed operations. */
const programs = [
  { name: 'wasm-simd', program: plainSource.load() },
  { name: 'wasm-relaxed-simd', program: relaxedSource.load() },
].flatMap(({ name, program }) => (program === undefined ? [] : [{ name, program }]));

describe.each(programs)('the fast and the general way of $name', ({ program }) => {
  it.each(['float32', 'float64'] as const)('give the same bits on 100,000 %s rows that both accept', (type) => {
    expect(differences(program, type, 100_000)).toEqual({ rows: 100_000, differ: 0 });
  });
});

describe('planted faults are found', () => {
  it.each([
    ['an odd shift', 'float32', '- HEADROOM;', '- HEADROOM - 1;'],
    ['an odd shift', 'float64', '- HEADROOM;', '- HEADROOM - 1;'],
    [
      'a shift by the label that rounds',
      'float32',
      'writeShift(0, 2 * nearest(logit * HALF_LOG2E), 0)',
      'writeShift(0, logit, 0)',
    ],
    ['far terms that count as zero too early', 'float32', 'LARGEST_GAP: f32 = 129', 'LARGEST_GAP: f32 = 60'],
    [
      'the label of the general way not left out',
      'float32',
      'store<f32>(atLabel, 0);',
      'if (!shifted) store<f32>(atLabel, 0);',
    ],
    [
      'the label of the general way not left out',
      'float64',
      'store<f64>(atLabel, 0);',
      'if (!shifted) store<f64>(atLabel, 0);',
    ],
  ] as const)('%s, %s', async (_, type, from, to) => {
    const program = await programOf((text) => text.replaceAll(from, to));
    expect(differences(program, type, 5000).differ).toBeGreaterThan(0);
  });
});

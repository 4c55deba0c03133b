import type { Problem, Session } from '@surprisal/core';
import type { WasmProgram } from '../../wasm/wasm-program.js';
import type { RowKernel } from '../row-kernel.js';
import type { StageSizes } from '../row-stage.js';
import { openRows } from '../typescript-engine.js';
import type { SoftmaxFunctions } from './softmax-program.js';

/**
 * The rules of the TypeScript engine over the loops of a program, all in float64: for what its own passes do not compute. The
 * program's memory, 1 MiB of its own, has room for the logits, exponentials and targets of every session.
 */
export function openStagedSession(
  program: WasmProgram<SoftmaxFunctions>,
  problem: Problem,
  sizes: StageSizes,
): Session {
  return openRows(problem, { ...sizes, kernel: kernelOf(program) });
}

const SIZE = Float64Array.BYTES_PER_ELEMENT;

const kernels: WeakMap<object, RowKernel> = /* @__PURE__ */ new WeakMap<object, RowKernel>();

function kernelOf(program: WasmProgram<SoftmaxFunctions>): RowKernel {
  const known = kernels.get(program);
  if (known !== undefined) return known;
  const made = createKernel(program);
  kernels.set(program, made);
  return made;
}

function createKernel({ functions, memory, own }: WasmProgram<SoftmaxFunctions>): RowKernel {
  const { exponentials64, addBlocks64, addGaps64, scaleAndPull64 } = functions;
  const placed = new Float64Array(memory, own.from, 2);
  /** Runs what adds to a pair at an address. */
  const addTo = (pair: Float64Array, add: (at: number) => void): void => {
    placed.set(pair);
    add(placed.byteOffset);
    pair.set(placed);
  };
  return {
    memory: new Float64Array(memory, own.from + placed.byteLength, (own.to - own.from) / SIZE - placed.length),
    exponentials: (z, from, e, to, count, base, shift) => {
      exponentials64(addressOf(z, from), addressOf(e, to), count, base, shift);
    },
    addBlocks: (pair, values, at, count) => {
      addTo(pair, (to) => {
        addBlocks64(to, addressOf(values, at), count);
      });
    },
    addGaps: (pair, w, wAt, z, zAt, count, top) => {
      addTo(pair, (to) => {
        addGaps64(to, addressOf(w, wAt), addressOf(z, zAt), count, top);
      });
    },
    scaleBy: (values, at, count, factor) => {
      scaleAndPull64(addressOf(values, at), count, factor, 0, 0);
    },
    scaleAndPull: (values, at, count, factor, v, vAt, spread) => {
      scaleAndPull64(addressOf(values, at), count, factor, addressOf(v, vAt), spread);
    },
  };
}

function addressOf({ byteOffset }: Float64Array, index: number): number {
  return byteOffset + index * SIZE;
}

import type { Problem } from '@surprisal/core';
import { decodeDigits } from './decode-module.js';
import { kernelMemoryOf, type KernelMemory, type Region } from './kernel-memory.js';
import { PAGE, webAssembly } from './web-assembly.js';
import { fitBytes, type WasmText } from './wasm-text.js';

/** A running module: its functions, the memory it runs over, and the part of it that is its own. */
export interface WasmProgram<Functions> {
  readonly functions: Functions;
  readonly memory: ArrayBufferLike;
  readonly own: Omit<Region, 'constants'>;
  /** The memory where it has arrays of callers in it. */
  readonly over: KernelMemory | undefined;
}

/** A program that is compiled when it is first asked for, and kept. */
export interface WasmSource<Functions> {
  /**
   * The program over a memory with arrays of callers, or over one of its own. Undefined where WebAssembly is missing, is
   * forbidden, or lacks what the module needs.
   */
  readonly load: (over?: KernelMemory) => WasmProgram<Functions> | undefined;
}

/** 1 MiB, of which the system hands out what is used. */
const OWN_PAGES = 16;

/**
 * A program from the text of its module; over a memory with arrays of callers, `region` is its own there. `accepts` says
 * whether it computes as it should: what it refuses counts as missing.
 *
 * The compiled program is kept for all calls. Its memory holds nothing from one tile to the next, so that all may share it.
 */
export function wasmSource<Functions>(
  text: () => WasmText,
  region: Region,
  accepts: (functions: Functions) => boolean = () => true,
): WasmSource<Functions> {
  let alone: WasmProgram<Functions> | false | undefined;
  const programs = new WeakMap<object, WasmProgram<Functions>>();
  const run = (memory: KernelMemory, own: Omit<Region, 'constants'>): WasmProgram<Functions> | undefined => {
    const functions = instantiate(text(), memory, region.constants) as Functions;
    return accepts(functions) ? { functions, memory: memory.memory.buffer, own, over: undefined } : undefined;
  };
  const loadAlone = (): WasmProgram<Functions> | undefined => {
    alone ??= attempt(() => run(ownMemory(), { from: PAGE, to: OWN_PAGES * PAGE })) ?? false;
    return alone === false ? undefined : alone;
  };
  const loadOver = (over: KernelMemory): WasmProgram<Functions> | undefined => {
    const known = programs.get(over);
    if (known !== undefined) return known;
    const { base } = over;
    const loaded = attempt(() => run(over, { from: base + region.from, to: base + region.to }));
    if (loaded === undefined) return undefined;
    const program = { ...loaded, over };
    programs.set(over, program);
    return program;
  };
  return { load: (over) => (over === undefined ? loadAlone() : loadOver(over)) };
}

/** The program for a call: over the memory of its gradient or else of its logits, so that it need not copy them. */
export function programFor<Functions>(
  source: WasmSource<Functions>,
  { gradient, logits }: Problem,
): WasmProgram<Functions> | undefined {
  const over = kernelMemoryOf(gradient?.data) ?? kernelMemoryOf(logits.data);
  return (over && source.load(over)) ?? source.load();
}

/** Undefined where a content security policy forbids compiling, or an operation of a module is unknown. */
function attempt<Value>(make: () => Value | undefined): Value | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

function ownMemory(): KernelMemory {
  const { Memory } = webAssembly();
  return { memory: new Memory({ initial: OWN_PAGES, maximum: OWN_PAGES }), shared: false, base: 0 };
}

function instantiate(
  { digits, addresses }: WasmText,
  { memory, shared, base }: KernelMemory,
  constants: number,
): object {
  const { Module, Instance } = webAssembly();
  const bytes = decodeDigits(digits);
  fitBytes(bytes, addresses, { shared, constants: base + constants });
  return new Instance(new Module(bytes), { env: { memory } }).exports;
}

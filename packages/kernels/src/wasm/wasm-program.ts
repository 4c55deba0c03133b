import type { Problem } from '@surprisal/core';
import { decodeBase64 } from './decode-base64.js';
import { kernelMemoryOf, type KernelMemory, type Region } from './kernel-memory.js';
import { PAGE, webAssembly } from './web-assembly.js';

/** A running module: its functions, the memory it runs over, and the part of it that is its own. */
export interface WasmProgram<Functions> {
  readonly functions: Functions;
  readonly memory: ArrayBufferLike;
  readonly own: Region;
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
const OWN: Region = { from: PAGE, to: OWN_PAGES * PAGE };

/**
 * A program from its bytes in base64; over a memory with arrays of callers, `region` is its own there. `accepts` says
 * whether it computes as it should: what it refuses counts as missing.
 *
 * The compiled program is kept for all calls. Its memory holds nothing from one tile to the next, so that all may share it.
 */
export function wasmSource<Functions>(
  base64: () => string,
  region: Region,
  accepts: (functions: Functions) => boolean = () => true,
): WasmSource<Functions> {
  let alone: WasmProgram<Functions> | false | undefined;
  const modules = new Map<boolean, object>();
  const programs = new WeakMap<object, WasmProgram<Functions>>();
  const run = (memory: KernelMemory, own: Region, over?: KernelMemory): WasmProgram<Functions> | undefined => {
    const functions = instantiate(modules, base64, memory) as Functions;
    return accepts(functions) ? { functions, memory: memory.memory.buffer, own, over } : undefined;
  };
  const loadAlone = (): WasmProgram<Functions> | undefined => {
    alone ??= attempt(() => run(makeMemory(), OWN)) ?? false;
    return alone === false ? undefined : alone;
  };
  const loadOver = (over: KernelMemory): WasmProgram<Functions> | undefined => {
    const loaded = programs.get(over) ?? attempt(() => run(over, region, over));
    if (loaded !== undefined) programs.set(over, loaded);
    return loaded;
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

function makeMemory(): KernelMemory {
  const { Memory } = webAssembly();
  return { memory: new Memory({ initial: OWN_PAGES, maximum: OWN_PAGES }), shared: false };
}

function instantiate(modules: Map<boolean, object>, base64: () => string, { memory, shared }: KernelMemory): object {
  const { Module, Instance } = webAssembly();
  const module = modules.get(shared) ?? new Module(bytesFor(shared, base64()));
  modules.set(shared, module);
  return new Instance(module, { env: { memory } }).exports;
}

/** The import of `env.memory`: the lengths of both names, then 2 for a memory. The flag of its limits follows. */
const IMPORT = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2];
const LIMITED = 1;
const LIMITED_AND_SHARED = 3;

/** The bytes of a module; its memory is shared or not. Nothing else in a module tells one kind from the other. */
function bytesFor(shared: boolean, base64: string): Uint8Array {
  const bytes = decodeBase64(base64);
  const at = bytes.findIndex((_, from) => IMPORT.every((byte, index) => bytes[from + index] === byte)) + IMPORT.length;
  if (shared && bytes[at] === LIMITED) bytes[at] = LIMITED_AND_SHARED;
  return bytes;
}

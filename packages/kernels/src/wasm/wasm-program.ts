import { decodeBase64 } from './decode-base64.js';

/** A running module: its functions, and its memory, which never grows. */
export interface WasmProgram<Functions> {
  readonly functions: Functions;
  readonly memory: ArrayBuffer;
}

/** A program that is compiled when it is first asked for, and kept. */
export interface WasmSource<Functions> {
  /** Undefined where WebAssembly is missing, is forbidden, or lacks what the module needs. */
  readonly load: () => WasmProgram<Functions> | undefined;
}

/** What is used of the global object `WebAssembly`; its types belong to libraries that a user may lack. */
interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
}

/**
 * A program from its bytes in base64. `accepts` says whether it computes as it should: what it refuses counts as missing.
 *
 * The compiled program is kept for all calls. Its memory holds nothing from one tile to the next, so that all may share it.
 */
export function wasmSource<Functions>(
  base64: () => string,
  accepts: (functions: Functions) => boolean = () => true,
): WasmSource<Functions> {
  let program: WasmProgram<Functions> | false | undefined;
  return {
    load: () => {
      program ??= instantiate(base64(), accepts) ?? false;
      return program === false ? undefined : program;
    },
  };
}

function instantiate<Functions>(
  base64: string,
  accepts: (functions: Functions) => boolean,
): WasmProgram<Functions> | undefined {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: WebAssemblyObject };
  if (api === undefined) return undefined;
  try {
    const { exports } = new api.Instance(new api.Module(decodeBase64(base64)));
    const { memory, ...functions } = exports as { readonly memory: { readonly buffer: ArrayBuffer } };
    return accepts(functions as Functions) ? { functions: functions as Functions, memory: memory.buffer } : undefined;
  } catch {
    // A content security policy forbids compiling, or an operation of the module is unknown here.
    return undefined;
  }
}

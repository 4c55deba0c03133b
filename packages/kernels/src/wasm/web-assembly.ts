/** What is used of the global object `WebAssembly`; its types belong to libraries that a user may lack. */
export interface WebAssemblyObject {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (description: WasmMemoryDescription) => WasmMemory;
}

/** Sizes in pages of 64 KiB. */
export interface WasmMemoryDescription {
  readonly initial: number;
  readonly maximum: number;
  readonly shared?: boolean;
}

/** A `WebAssembly.Memory`. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
  readonly grow: (pages: number) => number;
}

export const PAGE = 65_536;

/** Throws where the runtime has none; where it is forbidden, compiling throws. */
export function webAssembly(): WebAssemblyObject {
  const { WebAssembly: api } = globalThis as { readonly WebAssembly?: WebAssemblyObject };
  if (api === undefined) throw new TypeError('WebAssembly: expected a runtime that has it');
  return api;
}

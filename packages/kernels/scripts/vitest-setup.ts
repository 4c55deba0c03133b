/** Compiles the WebAssembly modules that tests of the sources import, where they are missing or old. */
export { buildWasm as setup } from './build-wasm.ts';

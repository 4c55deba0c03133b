import type { LinkModules, WasmText } from './wasm-text.js';

/** The plain module of a link. */
export function plainModule(modules: LinkModules): WasmText {
  return moduleOf(modules, 0);
}

/** The relaxed one. */
export function relaxedModule(modules: LinkModules): WasmText {
  return moduleOf(modules, 1);
}

function moduleOf({ pieces, addresses }: LinkModules, which: 0 | 1): WasmText {
  return { digits: pieces.filter((_, index) => index % 2 === which).join(''), addresses: addresses[which] };
}

/** The bytes of a text of two digits each, lower case, base 16. */
export function decodeDigits(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = 16 * digitAt(text, 2 * at) + digitAt(text, 2 * at + 1);
  return bytes;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

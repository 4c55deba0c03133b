import type { WasmText } from './wasm-text.js';

/** The two modules of a link as they are embedded: `scripts/module-text.ts` says why so. */
export interface WasmPair {
  /** Pieces of the plain and of the relaxed one in turn. */
  readonly pieces: readonly string[];
  readonly plainAddresses: string;
  readonly relaxedAddresses: string;
}

export function plainModule({ pieces, plainAddresses }: WasmPair): WasmText {
  return { digits: pieces.filter((_, index) => index % 2 === 0).join(''), addresses: plainAddresses };
}

export function relaxedModule({ pieces, relaxedAddresses }: WasmPair): WasmText {
  return { digits: pieces.filter((_, index) => index % 2 === 1).join(''), addresses: relaxedAddresses };
}

/** The bytes of hexadecimal digits in lower case. */
export function decodeModule(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = 16 * digitAt(text, 2 * at) + digitAt(text, 2 * at + 1);
  return bytes;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

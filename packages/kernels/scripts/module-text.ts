/**
 * Modules that find their constants at any place of a memory, so that many threads run over one: compiled for two places, a
 * module differs in the addresses alone, each four bytes in either (LEB128, 7 bits a byte). Where these lie goes with it.
 */

/** Two places whose addresses, and those of a page behind, take four bytes as signed and as unsigned numbers. */
export const PLACES = [0x400000, 0x500000] as const;

/** How far it is to the first address in the bytes of a module that was compiled for both places, and from each to the next. */
export function addressesIn(first: Uint8Array, second: Uint8Array): string {
  if (first.length !== second.length) throw new Error('a module has another length at another place');
  const steps: number[] = [];
  let last = 0;
  for (let at = 0; at < first.length; at++) {
    if (first[at] === second[at]) continue;
    // They differ in bit 20, which lies in the third byte.
    const start = at - 2;
    if (numberAt(second, start) - numberAt(first, start) !== PLACES[1] - PLACES[0])
      throw new Error(`byte ${String(at)} of a module depends on its place, and is not part of an address`);
    steps.push(start - last);
    last = start;
    at = start + 3;
  }
  return steps.join(' ');
}

function numberAt(bytes: Uint8Array, at: number): number {
  return [0, 1, 2, 3].reduce((sum, index) => sum + ((bytes[at + index] & 0x7f) << (7 * index)), 0);
}

/** The text of a generated file. */
export function moduleText(name: string, binary: Uint8Array, addresses: string): string {
  const identifier = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return `import type { WasmText } from '../wasm/wasm-text.js';

/** ${name}.wasm, ${binary.length} bytes. Made by scripts/build-wasm.ts. */
export const ${identifier}: WasmText = {
  base64:
    '${Buffer.from(binary).toString('base64')}',
  addresses: '${addresses}',
};
`;
}

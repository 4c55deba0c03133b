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

/** A module compiled for the first of the places. */
export interface MovableModule {
  readonly name: string;
  readonly binary: Uint8Array;
  readonly addresses: string;
}

/** Bytes of a piece. */
const PIECE = 4096;

/**
 * The text of a generated file. The two modules of a link are nearly the same. Two digits a byte keep repeats visible to gzip,
 * and pieces in turn keep them within the 32 KiB that it looks back: both take little more than one does. Base64 took 1.3
 * times (sigmoid) and 1.7 times (softmax) as much of a compressed bundle.
 */
export function moduleText(link: string, modules: readonly MovableModule[]): string {
  const pieces: string[] = [];
  for (let from = 0; modules.some(({ binary }) => from < binary.length); from += PIECE)
    for (const { binary } of modules) pieces.push(Buffer.from(binary.subarray(from, from + PIECE)).toString('hex'));
  const quoted = (texts: readonly string[]): string => texts.map((text) => `\n    '${text}',`).join('');
  return `import type { LinkModules } from '../wasm/wasm-text.js';

/** Pieces of ${link}-simd.wasm and ${link}-relaxed-simd.wasm in turn. Made by scripts/build-wasm.ts. */
export const ${link}Modules: LinkModules = {
  pieces: [${quoted(pieces)}
  ],
  addresses: [${quoted(modules.map(({ addresses }) => addresses))}
  ],
};
`;
}

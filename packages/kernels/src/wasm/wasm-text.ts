/** A module that can find its constants at any place; `scripts/module-text.ts` makes it. */
export interface WasmText {
  /** Its bytes, two digits of base 16 each, with its constants from `BUILT_AT` on. */
  readonly digits: string;
  /** How far it is to the first of the addresses in it, and from each to the next; none in a module that stays where it is. */
  readonly addresses: string;
}

/** The modules of a link as they are embedded: pieces of their digits in turn. */
export interface LinkModules {
  readonly pieces: readonly string[];
  readonly addresses: readonly string[];
}

/** For which memory the bytes of a module are wanted. */
export interface WasmPlace {
  /** Where its constants begin, below 128 MiB. */
  readonly constants: number;
  readonly shared: boolean;
}

const BUILT_AT = 0x400000;

/** The import of `env.memory`: the lengths of both names, then 2 for a memory. A flag and the least size follow. */
const IMPORT = [3, 101, 110, 118, 6, 109, 101, 109, 111, 114, 121, 2];
const LIMITED = 1;
const LIMITED_AND_SHARED = 3;

/** Makes the bytes of a module those for a memory. Nothing else in them tells one kind of memory, or one place, from another. */
export function fitBytes(bytes: Uint8Array, addresses: WasmText['addresses'], { constants, shared }: WasmPlace): void {
  const at = bytes.findIndex((_, from) => IMPORT.every((byte, index) => bytes[from + index] === byte)) + IMPORT.length;
  if (bytes[at] !== LIMITED) return;
  if (shared) bytes[at] = LIMITED_AND_SHARED;
  bytes[at + 1] = 1;
  if (addresses !== '') moveAddresses(bytes, addresses.split(' '), constants - BUILT_AT);
}

/** Addresses are numbers in LEB128 of four bytes: 7 bits in each, the low ones first, the top bit set in all but the last. */
function moveAddresses(bytes: Uint8Array, steps: readonly string[], distance: number): void {
  let at = 0;
  for (const step of steps) {
    at += Number(step);
    let value = distance;
    for (let i = 0; i < 4; i++) value += (bytes[at + i] & 0x7f) << (7 * i);
    for (let i = 0; i < 4; i++) bytes[at + i] = ((value >> (7 * i)) & 0x7f) | (i < 3 ? 0x80 : 0);
  }
}

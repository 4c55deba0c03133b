/** The text of the plain module of a link, of which the pieces of both modules in turn are embedded. */
export function plainModule(pieces: readonly string[]): string {
  return pieces.filter((_, index) => index % 2 === 0).join('');
}

/** The text of the relaxed one. */
export function relaxedModule(pieces: readonly string[]): string {
  return pieces.filter((_, index) => index % 2 === 1).join('');
}

/** The bytes of a text of two digits each, lower case, base 16. */
export function decodeModule(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = 16 * digitAt(text, 2 * at) + digitAt(text, 2 * at + 1);
  return bytes;
}

function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 58 ? code - 48 : code - 87;
}

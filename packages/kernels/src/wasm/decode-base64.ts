const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a base64 text without line breaks. Not every runtime has `atob`, and none needs speed here. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const values = new Uint8Array(128);
  for (let i = 0; i < 64; i++) values[ALPHABET.charCodeAt(i)] = i;
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    const value = (offset: number): number => values[text.charCodeAt(i + offset)];
    const word = (value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3);
    // What lies past the end is padding, and an array ignores it.
    bytes[at] = word >> 16;
    bytes[at + 1] = word >> 8;
    bytes[at + 2] = word;
  }
  return bytes;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sigmoidPieces } from '../generated/sigmoid.js';
import { softmaxPieces } from '../generated/softmax.js';
import { decodeModule, plainModule, relaxedModule } from './decode-module.js';

const dist = join(import.meta.dirname, '../../dist');

describe.each([
  ['sigmoid', sigmoidPieces],
  ['softmax', softmaxPieces],
] as const)('the embedded text of %s', (link, pieces) => {
  it.each([
    ['simd', plainModule],
    ['relaxed-simd', relaxedModule],
  ] as const)('holds the bytes of its module %s', (kind, moduleOf) => {
    expect(decodeModule(moduleOf(pieces))).toEqual(Uint8Array.from(readFileSync(join(dist, `${link}-${kind}.wasm`))));
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sigmoidModules } from '../generated/sigmoid.js';
import { softmaxModules } from '../generated/softmax.js';
import { decodeDigits, plainModule, relaxedModule } from './decode-module.js';
import { webAssembly } from './web-assembly.js';
import { fitBytes } from './wasm-text.js';

const dist = join(import.meta.dirname, '../../dist');

describe.each([
  ['sigmoid', sigmoidModules],
  ['softmax', softmaxModules],
] as const)('the embedded text of %s', (link, modules) => {
  it.each([
    ['simd', plainModule],
    ['relaxed-simd', relaxedModule],
  ] as const)('holds the bytes of its module %s', (kind, moduleOf) => {
    const { digits, addresses } = moduleOf(modules);
    const bytes = decodeDigits(digits);
    fitBytes(bytes, addresses, { constants: 1024, shared: false });
    expect(bytes).toEqual(Uint8Array.from(readFileSync(join(dist, `${link}-${kind}.wasm`))));
    expect(() => new (webAssembly().Module)(bytes)).not.toThrow();
  });
});

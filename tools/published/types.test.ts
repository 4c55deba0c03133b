// Published types, as the compiler of a user reads them who has no library but es2022 and skips no declaration.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { compile, compilers, resolutions } from './compile.ts';

const { binary, categorical, everything } = inject('projects');
const keys = <const Table extends object>(table: Table) => Object.keys(table) as (keyof Table)[];
const everyEntry = await importEverything();

describe.each(keys(compilers))('the %s TypeScript', (compiler) => {
  describe.each(keys(resolutions))('resolving modules as %s', (resolution) => {
    it('accepts every entry point of every package', async () => {
      expect(await compile(everything, [everyEntry], compiler, resolution)).toBe('');
    });

    it('understands binary losses of plain arrays and of other libraries’ tensors', async () => {
      expect(await compile(binary, ['binary-types.ts'], compiler, resolution)).toBe('');
    });

    it('understands losses over classes, wrapped, of plain arrays and of other libraries’ tensors', async () => {
      expect(await compile(categorical, ['categorical-types.ts'], compiler, resolution)).toBe('');
    });
  });
});

async function importEverything(): Promise<string> {
  const entries = inject('packed').flatMap(({ manifest: { name, exports = {} } }) =>
    Object.keys(exports).flatMap((path) => (/\.(?:json|wasm)$/.test(path) ? [] : [`${name}${path.slice(1)}`])),
  );
  const file = 'everything.ts';
  await writeFile(
    join(everything, file),
    entries.map((entry, index) => `export type * as entry${index} from '${entry}';\n`).join(''),
  );
  return file;
}

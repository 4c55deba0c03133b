import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { measureSizes } from './measure-sizes.js';
import { ownBuild } from './own-build.js';

/** A folder with one package installed; `files` by their paths in it. */
async function installed(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'node_modules/@surprisal/one', path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text);
  }
  return folder;
}

const manifest = (more: object = {}): string =>
  JSON.stringify({ name: '@surprisal/one', version: '1.0.0', exports: { '.': './a.js', './b': './b.js' }, ...more });

describe('the size of a package', () => {
  test('is that of all entry points together, minified, without comments', async () => {
    const files = {
      'a.js': `export const long = 'twelve bytes';\n// no part`,
      'b.js': `export const more = 'twenty bytes';`,
    };
    const both = await measureSizes(await installed({ 'package.json': manifest(), ...files }));
    const one = await measureSizes(
      await installed({ 'package.json': manifest({ exports: { '.': './a.js' } }), ...files }),
    );
    expect(both.map(({ package: name, version }) => [name, version])).toEqual([['@surprisal/one', '1.0.0']]);
    expect(both[0].minifiedBytes).toBeGreaterThan(one[0].minifiedBytes + 'twenty bytes'.length);
    expect(one[0].minifiedBytes).toBeGreaterThan('twelve bytes'.length);
    expect(one[0].gzipBytes).toBeGreaterThan(0);
  });

  test('is not that of tools, which need packages from outside, nor of private ones', async () => {
    const files = { 'a.js': '', 'b.js': '' };
    for (const more of [{ dependencies: { outside: '1' } }, { private: true }])
      expect(await measureSizes(await installed({ 'package.json': manifest(more), ...files }))).toEqual([]);
  });

  test('is refused where a package is not compiled', async () => {
    const folder = await installed({ 'package.json': manifest(), 'a.js': '' });
    await expect(measureSizes(folder)).rejects.toThrow(
      `'${join(folder, 'node_modules/@surprisal/one')}' expected 2 compiled entry points, got 1: build it`,
    );
  });

  test('is refused where it cannot be bundled, and says why', async () => {
    const files = { 'a.js': `import 'nowhere';`, 'b.js': '' };
    const folder = await installed({ 'package.json': manifest(), ...files });
    await expect(measureSizes(folder)).rejects.toThrow(
      /^'@surprisal\/one' expected what can be bundled for a page: .*Could not resolve "nowhere"/s,
    );
  });

  test('of a file of plugins goes by the package around it', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'package.json'), '{ "name": "mine", "version": "2.0.0" }');
    await writeFile(join(folder, 'loss.js'), 'export const loss = 1;');
    expect(await measureSizes(folder, [join(folder, 'loss.js')])).toMatchObject([
      { package: 'mine', version: '2.0.0' },
    ]);
  });
});

test('the build that this program is part of is the checkout, not the installation of its own package', () => {
  expect(ownBuild()).toBe(join(import.meta.dirname, '../../../..'));
});

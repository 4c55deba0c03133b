// A package as a stranger would write it: the example, copied out of the repository, on the packed tarballs alone.
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Manifest } from '../pack-packages.ts';
import { run } from './run.ts';

const root = join(import.meta.dirname, '../..');
const source = join(root, 'examples/third-party-loss');
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'surprisal-third-party-'));
  await cp(source, folder, { recursive: true });
  const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as Manifest;
  await writeFile(join(folder, 'package.json'), JSON.stringify(await onTarballs(manifest)));
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  await run('npm', ['run', 'build'], folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** The same package.json with the tarballs in place of versions in a registry, and the compiler that is here already. */
async function onTarballs(manifest: Manifest): Promise<Manifest> {
  const compiler = await realpath(join(root, 'node_modules/typescript'));
  const place = (dependencies: Manifest['dependencies'] = {}): Record<string, string> =>
    Object.fromEntries(
      Object.keys(dependencies).map((name) => {
        const packed = inject('packed').find((other) => other.manifest.name === name);
        return [name, `file:${packed?.tarball ?? compiler}`];
      }),
    );
  // Kernels come with the links; npm finds their tarball only where it is named.
  const kernels = { '@surprisal/kernels': '*' };
  return {
    ...manifest,
    dependencies: place(manifest.dependencies),
    devDependencies: place({ ...manifest.devDependencies, ...kernels }),
  };
}

describe('a package from outside', () => {
  it('names nothing of ours but what is published', async () => {
    const { dependencies, devDependencies } = JSON.parse(
      await readFile(join(source, 'package.json'), 'utf8'),
    ) as Manifest;
    const published = inject('packed').map(({ manifest }) => manifest.name);
    const others = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !published.includes(name));
    expect(others).toEqual(['typescript']);
    expect(Object.keys(dependencies ?? {})).toEqual(['@surprisal/core']);
  });

  it('passes its tests: the laws of the test kit on every engine, its numbers, a registry with ours', async () => {
    const output = await run('npm', ['test'], folder);
    expect(output).toMatch(/^# fail 0$|ℹ fail 0$/m);
    expect(output).toMatch(/^# skipped 0$|ℹ skipped 0$/m);
    expect(Number(/(?:# |ℹ )pass (\d+)/.exec(output)?.[1])).toBeGreaterThan(100);
  });

  it('packs to what publint has nothing to say of', async () => {
    await cp(join(source, 'package.json'), join(folder, 'package.json'));
    const [{ filename } = { filename: '' }] = JSON.parse(
      await run('npm', ['pack', '--json', '--ignore-scripts'], folder),
    ) as {
      filename: string;
    }[];
    const bytes = await readFile(join(folder, filename));
    const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(bytes).buffer } });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code)).toEqual([]);
  });
});

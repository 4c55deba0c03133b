// Dependencies point one way: core alone at the bottom, kernels on core, losses on core and kernels, never on a sibling.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, inject, it } from 'vitest';
import type { Manifest } from '../pack-packages.ts';

const root = join(import.meta.dirname, '../..');
const packed = inject('packed');
const published = packed.map(({ manifest }) => [manifest.name, manifest] as const);
const link = ['@surprisal/core', '@surprisal/kernels'];

describe.each(published)('%s', (name, manifest) => {
  it('needs nothing at run time but packages of ours that are published', () => {
    const names = new Set(packed.map((other) => other.manifest.name));
    expect(runTimeDependencies(manifest).filter((dependency) => !names.has(dependency))).toEqual([]);
  });

  it('depends on no package of its own layer or above', async () => {
    const allowed = await allowedFor(name);
    const wrong = runTimeDependencies(manifest).filter((dependency) => !allowed.includes(dependency));
    expect(wrong).toEqual([]);
  });
});

it('nothing depends on the bench', async () => {
  const manifests = await workspaceManifests();
  const others = manifests.filter(({ name }) => name !== '@surprisal/bench');
  const users = others.filter((manifest) => allDependencies(manifest).includes('@surprisal/bench'));
  expect(others.length).toBeGreaterThan(packed.length);
  expect(users.map(({ name }) => name)).toEqual([]);
});

/** What a package of its kind may depend on; its exports say what kind it is. */
async function allowedFor(name: string): Promise<readonly string[]> {
  if (name === '@surprisal/core') return [];
  if (['@surprisal/kernels', '@surprisal/parallel', '@surprisal/test-kit'].includes(name)) return ['@surprisal/core'];
  const kinds = await pluginKinds(name);
  if (kinds.has('loss')) return link;
  if (kinds.has('wrapper')) return ['@surprisal/core'];
  return packed.map(({ manifest }) => manifest.name).filter((other) => other !== name);
}

/** `loss` and `wrapper`, as far as the package exports plugins of that kind. */
async function pluginKinds(name: string): Promise<ReadonlySet<unknown>> {
  const entry = join(inject('projects').everything, 'node_modules', name, 'dist/index.js');
  const exports = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as Readonly<Record<string, unknown>>;
  const plugins = Object.values(exports).filter((value) => typeof value === 'function' && 'kind' in value);
  return new Set(plugins.map((plugin) => (plugin as unknown as { readonly kind: unknown }).kind));
}

function runTimeDependencies({ dependencies, peerDependencies, optionalDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

function allDependencies(manifest: Manifest): string[] {
  return [...runTimeDependencies(manifest), ...Object.keys(manifest.devDependencies ?? {})];
}

async function workspaceManifests(): Promise<Manifest[]> {
  const parents = await Promise.all(
    ['packages', 'apps'].map(async (parent) => {
      const entries = await readdir(join(root, parent), { withFileTypes: true });
      return entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name));
    }),
  );
  const folders = ['.', 'examples', ...parents.flat()];
  const texts = await Promise.all(folders.map((folder) => readFile(join(root, folder, 'package.json'), 'utf8')));
  return texts.map((text) => JSON.parse(text) as Manifest);
}

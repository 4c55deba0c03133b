// A package may be taken out: what breaks are the packages that state it as a dependency, and no other.
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Manifest } from '../pack-packages.ts';
import { run } from './run.ts';

const installed = join(inject('projects').everything, 'node_modules');
const manifests = inject('packed').map(({ manifest }) => manifest);

describe.each(manifests.map(({ name }) => name))('without %s', (removed) => {
  it('exactly the packages that depend on it cannot be imported', async () => {
    const others = manifests.filter(({ name }) => name !== removed);
    const users = others.filter(({ name }) => neededBy(name).has(removed)).map(({ name }) => name);
    expect(await brokenWithout(others)).toEqual(users);
  });
});

it('no built file mentions a package that its package.json does not state', async () => {
  const unstated = await Promise.all(
    manifests.map(async ({ name, dependencies = {} }) => {
      const mentioned = await mentionedIn(join(installed, name, 'dist'));
      const strangers = mentioned.filter((other) => other !== name && !(other in dependencies));
      return strangers.map((other) => `${name} mentions ${other}`);
    }),
  );
  expect(unstated.flat()).toEqual([]);
});

/** What a package depends on, and what that does. */
function neededBy(name: string): ReadonlySet<string> {
  const { dependencies = {} } = manifests.find((manifest) => manifest.name === name) ?? {};
  return new Set(Object.keys(dependencies).flatMap((other) => [other, ...neededBy(other)]));
}

/** Copies every package but one into a project, and imports them there one by one; returns those that throw. */
async function brokenWithout(others: readonly Manifest[]): Promise<readonly string[]> {
  const project = await mkdtemp(join(tmpdir(), 'surprisal-without-'));
  try {
    await writeFile(join(project, 'package.json'), '{ "type": "module" }');
    await mkdir(join(project, 'node_modules'));
    const source = (name: string): string => join(installed, name);
    await Promise.all(
      others.map(({ name }) => cp(source(name), join(project, 'node_modules', name), { recursive: true })),
    );
    await writeFile(join(project, 'import-all.js'), programFor(others));
    return JSON.parse(await run(process.execPath, [join(project, 'import-all.js')])) as readonly string[];
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

/** Prints the names of the packages with an entry point that cannot be imported. */
function programFor(packages: readonly Manifest[]): string {
  const entries = packages.flatMap(({ name, exports = {} }) =>
    Object.keys(exports)
      .filter((path) => !/\.(?:json|wasm)$|^\.\/worker$/.test(path))
      .map((path) => [name, `${name}${path.slice(1)}`]),
  );
  return `const broken = new Set();
for (const [name, entry] of ${JSON.stringify(entries)}) await import(entry).catch(() => broken.add(name));
console.log(JSON.stringify([...broken]));
`;
}

/** The packages of ours that JavaScript and declarations of a folder import. */
async function mentionedIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => /\.(?:js|d\.ts)$/.test(entry.name));
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'utf8')));
  const imports = texts.flatMap((text) => [...text.matchAll(/(?:from|import)[\s(]*['"](@surprisal\/[\w-]+)/g)]);
  return [...new Set(imports.map(([, name]) => name))];
}

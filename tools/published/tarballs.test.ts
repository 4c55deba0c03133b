// The tarballs themselves: package.json and entry points (publint), types as a consumer's compiler resolves them
// (are-the-types-wrong), contents. Each check returns its complaints.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkPackage as attw, createPackageFromTarballData, type ResolutionKind } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, it } from 'vitest';
import type { PackedPackage } from '../pack-packages.ts';

/** ESM only: how CommonJS and TypeScript's old resolution see the package does not count. */
const ignored: ReadonlySet<ResolutionKind> = new Set(['node10', 'node16-cjs']);

describe.each(inject('packed').map((packed) => [packed.manifest.name, packed] as const))('%s', (_, packed) => {
  it('has a package.json whose entry points lead to files', async () => {
    expect(await publintMessages(packed)).toEqual([]);
  });

  it('has types that fit its JavaScript', async () => {
    expect(await typeProblems(packed)).toEqual([]);
  });

  it('holds built sources, README and LICENSE, and nothing else', () => {
    expect(wrongContents(packed)).toEqual([]);
  });
});

async function publintMessages({ tarball }: PackedPackage): Promise<string[]> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(bytes).buffer } });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

async function typeProblems({ tarball }: PackedPackage): Promise<string[]> {
  const result = await attw(createPackageFromTarballData(await readFile(tarball)));
  if (!result.types) return ['has no types'];
  const problems = result.problems.filter(
    (problem) =>
      !('resolutionKind' in problem && ignored.has(problem.resolutionKind)) &&
      // A compiled module is no JavaScript and has no types; what imports it depends on the runtime.
      !('entrypoint' in problem && problem.entrypoint.endsWith('.wasm')),
  );
  return problems.map((problem) => JSON.stringify(problem));
}

function wrongContents({ files, folder }: PackedPackage): string[] {
  const document = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  const missing = ['README.md', 'LICENSE'].filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const wrong = files.filter((file) => !document.test(file)).flatMap((file) => explainBuilt(file, folder));
  return [...missing, ...wrong];
}

/** Every built file still has its source, and is not one of a test. */
function explainBuilt(file: string, folder: string): string[] {
  if (isCompiled(file, folder)) return [];
  const built = /^dist\/(.+?)(?:\.d\.ts|\.js)$/.exec(file);
  if (built === null) return [`${file} is not to be published`];
  const source = join('src', `${built[1]}.ts`);
  if (/\.test\b|\.test-|testing/.test(source)) return [`${file} is for tests and is not to be published`];
  return existsSync(join(folder, source)) ? [] : [`${file} has no ${source}: remove dist, build again`];
}

/** Modules of WebAssembly, of which `assembly` holds the source. */
function isCompiled(file: string, folder: string): boolean {
  const link = /^dist\/(\w+?)(?:-relaxed)?-simd\.wasm$/.exec(file)?.[1];
  return link !== undefined && existsSync(join(folder, 'assembly', `${link}.ts`));
}

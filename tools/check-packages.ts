// What is published, checked on the packed tarballs: package.json and entry points (publint), types as a consumer's
// compiler sees them (are-the-types-wrong), contents, dependencies. Each check returns its complaints.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage as attw, createPackageFromTarballData, type ResolutionKind } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packPackages, type PackedPackage } from './pack-packages.ts';

type Check = (packed: PackedPackage) => Promise<string[]> | string[];

const ignored: ReadonlySet<ResolutionKind> = new Set(['node10', 'node16-cjs']);

const checks: Readonly<Record<string, Check>> = {
  publint: checkManifest,
  'are-the-types-wrong': checkTypes,
  contents: checkContents,
  dependencies: checkDependencies,
};

async function checkManifest({ tarball }: PackedPackage): Promise<string[]> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: Uint8Array.from(bytes).buffer } });
  return messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
}

/** ESM only: how CommonJS and TypeScript's old resolution see the package does not count. */
async function checkTypes({ tarball }: PackedPackage): Promise<string[]> {
  const result = await attw(createPackageFromTarballData(await readFile(tarball)));
  if (!result.types) return ['has no types'];
  const problems = result.problems.filter(
    (problem) => !('resolutionKind' in problem && ignored.has(problem.resolutionKind)),
  );
  return problems.map((problem) => JSON.stringify(problem));
}

/** The tarball holds the built sources, documents and nothing else; every built file still has its source. */
function checkContents({ files, folder }: PackedPackage): string[] {
  const document = /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;
  const missing = ['README.md', 'LICENSE'].filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const wrong = files.filter((file) => !document.test(file)).flatMap((file) => explainBuilt(file, folder));
  return [...missing, ...wrong];
}

function explainBuilt(file: string, folder: string): string[] {
  const built = /^dist\/(.+?)(?:\.d\.ts|\.js)$/.exec(file);
  if (built === null) return [`${file} is not to be published`];
  const source = join('src', `${built[1]}.ts`);
  return existsSync(join(folder, source)) ? [] : [`${file} has no ${source}: remove dist, build again`];
}

/** A user of a loss installs nothing but ours. */
function checkDependencies({ manifest }: PackedPackage): string[] {
  const { dependencies, peerDependencies, optionalDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
  const foreign = names.filter((name) => !name.startsWith('@surprisal/'));
  return foreign.map((name) => `depends on ${name}; published packages depend on @surprisal/* only`);
}

async function checkPackage(packed: PackedPackage): Promise<number> {
  let complaints = 0;
  for (const [title, check] of Object.entries(checks)) {
    for (const complaint of await check(packed)) {
      complaints += 1;
      console.error(`${packed.manifest.name}: ${title}: ${complaint}`);
    }
  }
  console.log(`${packed.manifest.name}: ${complaints === 0 ? 'ok' : `${complaints} complaints`}`);
  return complaints;
}

const destination = await mkdtemp(join(tmpdir(), 'surprisal-packed-'));
try {
  const packages = await packPackages(destination);
  const complaints = await Promise.all(packages.map(checkPackage));
  if (packages.length === 0 || complaints.some((count) => count > 0)) process.exitCode = 1;
} finally {
  await rm(destination, { recursive: true });
}

import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The fields of a package.json that the checks read. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package as the registry would receive it. */
export interface PackedPackage {
  /** The package's folder in the workspace. */
  readonly folder: string;
  /** The package.json inside the tarball: workspace ranges are already replaced. */
  readonly manifest: Manifest;
  readonly tarball: string;
  /** Paths inside the tarball, without the leading `package/`. */
  readonly files: readonly string[];
}

const root = join(import.meta.dirname, '..');

/** What checks and measures losses, and has dependencies outside of ours; no loss depends on them. */
const TOOLS = ['packages/reference', 'apps/bench'].map((folder) => join(root, folder));

/** Packs every package of `packages/` that is published and no tool into `destination`, one tarball each. The packages are built. */
export async function packPackages(destination: string): Promise<PackedPackage[]> {
  const entries = await readdir(join(root, 'packages'), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(root, 'packages', entry.name));
  const published: string[] = [];
  for (const folder of folders.filter((one) => !TOOLS.includes(one)).sort()) {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
    if (manifest.private !== true) published.push(folder);
  }
  return Promise.all(published.map((folder) => packPackage(folder, destination)));
}

/** Packs the bench and the references it compares with. They are built. */
export function packTools(destination: string): Promise<PackedPackage[]> {
  return Promise.all(TOOLS.map((folder) => packPackage(folder, destination)));
}

async function packPackage(folder: string, destination: string): Promise<PackedPackage> {
  const packed = await pnpm(['pack', '--json', '--pack-destination', destination], folder);
  const { filename } = JSON.parse(packed) as { filename: string };
  const { stdout: manifest } = await run('tar', ['-xzOf', filename, 'package/package.json']);
  const { stdout: listing } = await run('tar', ['-tzf', filename]);
  const files = listing
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^package\//, ''));
  return { folder, manifest: JSON.parse(manifest) as Manifest, tarball: filename, files };
}

/** Runs the pnpm that runs this script, so that its version is the pinned one. */
async function pnpm(args: readonly string[], folder: string): Promise<string> {
  const cli = process.env['npm_execpath'];
  if (cli === undefined)
    throw new Error('pnpm is found through the script that calls this: use "pnpm check:packages".');
  const { stdout } = await run(process.execPath, [cli, ...args], { cwd: folder });
  return stdout;
}

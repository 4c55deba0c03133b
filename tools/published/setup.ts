// Packs what is published and installs it as users do, once for all tests of this folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { packPackages, type PackedPackage } from '../pack-packages.ts';
import { installTarballs } from './install-tarballs.ts';

/** Folders with a `package.json` and `node_modules`, outside the repository. */
interface Projects {
  /** `@surprisal/binary` and what it needs, nothing else. */
  readonly binary: string;
  /** `@surprisal/categorical` with the two wrapper packages, and what they need, nothing else. */
  readonly categorical: string;
  /** Every published package. */
  readonly everything: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    readonly packed: readonly PackedPackage[];
    readonly projects: Projects;
  }
}

export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-packed-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const packed = await packPackages(folder);
    const install = (name: string, packages?: readonly string[]) =>
      installTarballs(join(folder, name), packed, packages);
    const binary = await install('binary', ['core', 'kernels', 'binary']);
    const categorical = await install('categorical', ['core', 'kernels', 'categorical', 'weighted', 'label-smoothing']);
    const everything = await install('everything');
    provide('packed', packed);
    provide('projects', { binary, categorical, everything });
    return remove;
  } catch (error) {
    await remove();
    throw error;
  }
}

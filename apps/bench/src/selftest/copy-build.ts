import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A second copy of the installed packages, which a process loads beside the first as another build. */
export interface CopiedBuild {
  readonly folder: string;
  readonly remove: () => void;
}

/** Copies the packages that the bench was installed with into a folder outside. */
export function copyBuild(): CopiedBuild {
  const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-copy-'));
  const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies).filter((each) => each.startsWith('@surprisal/'))) {
    const from = folderOf(name, manifest);
    const to = join(folder, 'node_modules', name);
    cpSync(join(from, 'package.json'), join(to, 'package.json'), { recursive: true });
    cpSync(join(from, 'dist'), join(to, 'dist'), { recursive: true });
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function folderOf(name: string, from: string): string {
  const places = createRequire(from).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((place) => existsSync(join(place, 'package.json')));
  if (found === undefined) throw new RangeError(`copyBuild: "${name}" expected an installed package, got none`);
  return found;
}

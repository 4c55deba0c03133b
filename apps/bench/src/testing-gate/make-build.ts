/** Builds of the packages from their sources, with faults planted or none, and the bench's program in them. */
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { transform } from 'esbuild';

const root = join(import.meta.dirname, '../../../..');

/** A folder with `@surprisal/*` in its `node_modules`, `@surprisal/bench` among them. */
export interface MadeBuild {
  readonly folder: string;
  /** The program: `node <main> check`. */
  readonly main: string;
  readonly remove: () => Promise<void>;
}

/** Changes the text of a source, named by its path from the root of the repository. */
export type Edit = (file: string, text: string) => string;

/** Compiles every package and the bench into a new folder, file by file as the compiler does, in a second or two. */
export async function makeBuild(edit: Edit = (_, text) => text): Promise<MadeBuild> {
  const folder = await mkdtemp(join(tmpdir(), 'surprisal-bench-build-'));
  const names = (await readdir(join(root, 'packages'))).map((name) => `packages/${name}`);
  for (const name of [...names, 'apps/bench']) await makePackage(join(root, name), join(folder, 'node_modules'), edit);
  return {
    folder,
    main: join(folder, 'node_modules/@surprisal/bench/dist/main.js'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function makePackage(source: string, modules: string, edit: Edit): Promise<void> {
  if (!existsSync(join(source, 'package.json'))) return;
  const { name, dependencies = {} } = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  const target = join(modules, name);
  await mkdir(target, { recursive: true });
  await cp(join(source, 'package.json'), join(target, 'package.json'));
  for (const more of ['schema', 'budgets.json'])
    if (existsSync(join(source, more))) await cp(join(source, more), join(target, more), { recursive: true });
  await compileFolder(join(source, 'src'), join(target, 'dist'), edit);
  for (const outside of Object.keys(dependencies).filter((each) => !each.startsWith('@surprisal/')))
    await linkOutside(join(source, 'node_modules', outside), join(modules, outside));
}

async function compileFolder(from: string, to: string, edit: Edit): Promise<void> {
  const files = await readdir(from, { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !/\.(?:test|test-d|d)\.ts$|^testing/.test(file));
  await Promise.all(
    sources.map(async (file) => {
      const text = edit(relative(root, join(from, file)), await readFile(join(from, file), 'utf8'));
      const { code } = await transform(text, { loader: 'ts', format: 'esm', target: 'es2022' });
      const output = join(to, file.replace(/\.ts$/, '.js'));
      await mkdir(dirname(output), { recursive: true });
      await writeFile(output, code);
    }),
  );
}

/** Packages from outside stay where they are installed. */
async function linkOutside(from: string, to: string): Promise<void> {
  if (existsSync(to)) return;
  await mkdir(dirname(to), { recursive: true });
  await symlink(await realpath(from), to);
}

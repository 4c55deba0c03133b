import { copyFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';

const programs = join(import.meta.dirname, 'programs');

/** Puts the programs of `programs/` into a project: as they are, and as JavaScript with its imports untouched. */
export async function placePrograms(project: string): Promise<void> {
  for (const file of await readdir(programs)) {
    const source = await readFile(join(programs, file), 'utf8');
    const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
    await copyFile(join(programs, file), join(project, file));
    await writeFile(join(project, file.replace(/\.ts$/, '.js')), code);
  }
}

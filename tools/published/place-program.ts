import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';

const programs = join(import.meta.dirname, 'programs');

/** Puts a program of `programs/` into a project as JavaScript, its imports untouched. Returns the path. */
export async function placeJavaScript(name: string, project: string): Promise<string> {
  const source = await readFile(join(programs, `${name}.ts`), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'es2022' });
  const file = join(project, `${name}.js`);
  await writeFile(file, code);
  return file;
}

/** Puts a program of `programs/` into a project as it is. Returns the file's name. */
export async function placeTypeScript(name: string, project: string): Promise<string> {
  const file = `${name}.ts`;
  await copyFile(join(programs, file), join(project, file));
  return file;
}

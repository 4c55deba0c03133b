import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from './run.ts';

const require = createRequire(import.meta.url);

/** The oldest TypeScript that published types are promised for, and the one they are built with. */
export const compilers = {
  oldest: require.resolve('typescript-5.5/bin/tsc'),
  newest: require.resolve('typescript/bin/tsc'),
} as const;

/** Module settings of users: Node's own, and a bundler's together with the strictest treatment of options. */
export const resolutions = {
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler', exactOptionalPropertyTypes: true },
} as const;

/** Type-checks files of a project with no library but es2022, declarations included; returns the compiler's complaints. */
export async function compile(
  project: string,
  files: readonly string[],
  compiler: keyof typeof compilers,
  resolution: keyof typeof resolutions,
): Promise<string> {
  const config = join(project, `tsconfig.${files[0] ?? ''}.${compiler}.${resolution}.json`);
  const compilerOptions = {
    ...resolutions[resolution],
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  };
  await writeFile(config, JSON.stringify({ compilerOptions, files }));
  return run(process.execPath, [compilers[compiler], '--project', config, '--pretty', 'false'], project).catch(
    (error: unknown) => (error as Error).message,
  );
}

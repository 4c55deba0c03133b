/**
 * Compiles the engines of `assembly/` to WebAssembly: for each `assembly/<link>.ts` a plain module, `<link>-simd`, which
 * gives the same bits on every machine, and a relaxed one, `<link>-relaxed-simd`, whose fused operations may differ. A
 * runtime without relaxed operations refuses a whole module for one of them, so there must be two.
 *
 * Writes `src/generated/<link>.ts` with the bytes of both as text, for programs without a way to load files, and
 * `dist/<name>.wasm`, for runtimes that compile files only. Nothing of that is committed.
 *
 *     node scripts/build-wasm.ts
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { main as compile } from 'assemblyscript/asc';
import { fitBytes, type WasmText } from '../src/wasm/wasm-text.ts';
import { addressesIn, moduleText, PLACES, type MovableModule } from './module-text.ts';

const root = join(import.meta.dirname, '..');
const assembly = join(root, 'assembly');
const generated = join(root, 'src', 'generated');
const dist = join(root, 'dist');

/** Four vectors and a dozen constants fill the sixteen registers: no unrolling by the compiler, no checks it could add. */
const OPTIONS = [
  ['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  // The memory is the caller's: `src/wasm/wasm-text.ts` changes the least size of the import, and its flag where it is shared.
  ['--importMemory', '--noExportMemory', '--initialMemory', '96', '--maximumMemory', '65536'],
  ['--use', 'abort=', '--enable', 'simd'],
].flat();

function listLinks(): string[] {
  return readdirSync(assembly).flatMap((file) => (file.endsWith('.ts') ? [basename(file, '.ts')] : []));
}

/** A module whose constants stay where they are; `edit` may change the text of its sources, so that tests can plant faults. */
export async function compileWasm(source: string, edit: (text: string) => string): Promise<WasmText> {
  const binary = await compileAt(1024, source, OPTIONS, edit);
  return { digits: Buffer.from(binary).toString('hex'), addresses: '' };
}

/** The bytes of a module with its constants from `place` on. */
async function compileAt(
  place: number,
  source: string,
  options: readonly string[],
  edit: (text: string) => string = (text) => text,
): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  let messages = '';
  const placed = [...options, '--memoryBase', String(place)];
  const { error } = await compile([source, '--outFile', 'module.wasm', ...placed], {
    readFile: (file, folder) => readSource(join(folder, file), edit),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') binary = contents;
    },
    listFiles: () => [],
    stderr: { write: (text) => (messages += String(text)) },
  });
  if (error !== null || binary === undefined) throw new Error(`${source} does not compile:\n${messages}`);
  return binary;
}

async function build(link: string): Promise<void> {
  const modules = [
    await compileMovable(`${link}-simd`, `${link}.ts`, OPTIONS),
    await compileMovable(`${link}-relaxed-simd`, `${link}.ts`, [...OPTIONS, '--enable', 'relaxed-simd']),
  ];
  writeFileSync(join(generated, `${link}.ts`), moduleText(link, modules));
  for (const { name, binary, addresses } of modules) {
    fitBytes(binary, addresses, { constants: 1024, shared: false });
    writeFileSync(join(dist, `${name}.wasm`), binary);
  }
}

async function compileMovable(name: string, source: string, options: readonly string[]): Promise<MovableModule> {
  const [place, other] = PLACES;
  const binary = await compileAt(place, source, options);
  return { name, binary, addresses: addressesIn(binary, await compileAt(other, source, options)) };
}

function readSource(file: string, edit: (text: string) => string): string | null {
  const path = join(assembly, file);
  return existsSync(path) ? edit(readFileSync(path, 'utf8')) : null;
}

/** When the newest file of the sources, this script included, was written. */
function newestSource(): number {
  const files = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).map((file) => join(assembly, file));
  return Math.max(
    ...[...files, import.meta.filename, join(import.meta.dirname, 'module-text.ts')].map(
      (file) => statSync(file).mtimeMs,
    ),
  );
}

function isCurrent(link: string, newest: number): boolean {
  const modules = [`${link}-simd.wasm`, `${link}-relaxed-simd.wasm`].map((name) => join(dist, name));
  const outputs = [...modules, join(generated, `${link}.ts`)];
  return outputs.every((file) => existsSync(file) && statSync(file).mtimeMs >= newest);
}

/** Compiles what is missing or older than any source. */
export async function buildWasm(): Promise<void> {
  const newest = newestSource();
  mkdirSync(generated, { recursive: true });
  mkdirSync(dist, { recursive: true });
  for (const link of listLinks()) if (!isCurrent(link, newest)) await build(link);
}

if (import.meta.main) await buildWasm();

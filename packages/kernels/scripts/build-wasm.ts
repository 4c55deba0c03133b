/**
 * Compiles the engines of `assembly/` to WebAssembly: for each `assembly/<link>.ts` a plain module, `<link>-simd`, which
 * gives the same bits on every machine, and a relaxed one, `<link>-relaxed-simd`, whose fused operations may differ. A
 * runtime without relaxed operations refuses a whole module for one of them, so there must be two.
 *
 * Writes `src/generated/<link>.ts` with the bytes of both as text, for programs without a way to load files, and
 * `dist/<name>.wasm`, for runtimes that compile files only. Nothing of that is committed.
 *
 * The two modules of a link are nearly the same. Two digits a byte keep repeats visible to gzip, and pieces in turn keep them
 * within the 32 KiB that it looks back: both take little more than one does. Base64 took 1.3 times (sigmoid) and 1.7 times
 * (softmax) as much of a compressed bundle.
 *
 *     node scripts/build-wasm.ts
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { main as compile } from 'assemblyscript/asc';

const root = join(import.meta.dirname, '..');
const assembly = join(root, 'assembly');
const generated = join(root, 'src', 'generated');
const dist = join(root, 'dist');

/** Four vectors and a dozen constants fill the sixteen registers: no unrolling by the compiler, no checks it could add. */
const OPTIONS = [
  ['--runtime', 'stub', '--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'],
  // The memory is the caller's; where it is shared, the flag of this import is changed before compiling.
  ['--importMemory', '--noExportMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ['--use', 'abort=', '--enable', 'simd'],
].flat();

/** Where the constants of a link lie: modules of both run over one memory. */
const BASES = new Map([
  ['softmax', 1024],
  ['sigmoid', 32_768],
]);

/** Bytes of a piece. */
const PIECE = 4096;

function listLinks(): string[] {
  return readdirSync(assembly).flatMap((file) => (file.endsWith('.ts') ? [basename(file, '.ts')] : []));
}

function optionsOf(source: string): string[] {
  const base = BASES.get(basename(source, '.ts'));
  if (base === undefined) throw new Error(`${source} has no place for its constants`);
  return [...OPTIONS, '--memoryBase', String(base)];
}

/** The bytes of a module; `edit` may change the text of its sources, so that tests can plant faults. */
export async function compileWasm(
  source: string,
  options: readonly string[] = optionsOf(source),
  edit: (text: string) => string = (text) => text,
): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  let messages = '';
  const { error } = await compile([source, '--outFile', 'module.wasm', ...options], {
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
  const options = optionsOf(`${link}.ts`);
  const plain = await compileWasm(`${link}.ts`, options);
  const relaxed = await compileWasm(`${link}.ts`, [...options, '--enable', 'relaxed-simd']);
  writeFileSync(join(dist, `${link}-simd.wasm`), plain);
  writeFileSync(join(dist, `${link}-relaxed-simd.wasm`), relaxed);
  writeFileSync(join(generated, `${link}.ts`), moduleText(link, [plain, relaxed]));
}

function readSource(file: string, edit: (text: string) => string): string | null {
  const path = join(assembly, file);
  return existsSync(path) ? edit(readFileSync(path, 'utf8')) : null;
}

function moduleText(link: string, modules: readonly Uint8Array[]): string {
  const pieces: string[] = [];
  for (let from = 0; modules.some(({ length }) => from < length); from += PIECE)
    for (const module of modules) pieces.push(Buffer.from(module.subarray(from, from + PIECE)).toString('hex'));
  const text = pieces.map((piece) => `\n  '${piece}',`).join('');
  return `/** Of ${link}-simd.wasm and ${link}-relaxed-simd.wasm in turn. Made by scripts/build-wasm.ts. */\nexport const ${link}Pieces: readonly string[] = [${text}\n];\n`;
}

/** When the newest file of the sources, this script included, was written. */
function newestSource(): number {
  const files = readdirSync(assembly, { recursive: true, encoding: 'utf8' }).map((file) => join(assembly, file));
  return Math.max(...[...files, import.meta.filename].map((file) => statSync(file).mtimeMs));
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

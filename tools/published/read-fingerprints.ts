import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Hashes by case and engine. */
export type Fingerprints = Readonly<Record<string, string>>;

/** What every machine and runtime must give; of some engines only, where not all run. */
export async function storedFingerprints(
  engines: readonly string[] = ['typescript', 'wasm-simd'],
): Promise<Fingerprints> {
  const text = await readFile(join(import.meta.dirname, 'stored-fingerprints.json'), 'utf8');
  const all = Object.entries(JSON.parse(text) as Fingerprints);
  return Object.fromEntries(all.filter(([name]) => engines.some((engine) => name.endsWith(`, ${engine}`))));
}

// Writes the fingerprints of this machine, after a build, as those that every other machine and runtime must give:
//     pnpm build && pnpm exec node tools/published/store-fingerprints.ts
// Only where the arithmetic of an engine has changed on purpose.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fingerprints } from './programs/fingerprints.ts';

const file = join(import.meta.dirname, 'stored-fingerprints.json');
await writeFile(file, `${JSON.stringify(fingerprints(), null, 2)}\n`);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PEERS } from './peers.js';

/**
 * Installs the peers that npm has into a folder of their own, with npm, which comes with Node. Install scripts do not
 * run: onnxruntime's would download what its package already holds.
 */
export async function installPeers(folder: string): Promise<number> {
  const dependencies = Object.assign({}, ...PEERS.map(({ packages }) => packages)) as object;
  await mkdir(folder, { recursive: true });
  const manifest = { name: 'surprisal-bench-peers', private: true, dependencies };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const npm = spawn('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const [code] = (await once(npm, 'exit')) as [number | null];
  return code ?? 1;
}

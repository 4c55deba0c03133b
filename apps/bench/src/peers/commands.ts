import Table from 'cli-table3';
import type { Command } from 'commander';
import type { Console } from '../console.js';
import { installPeers } from './install-peers.js';
import { PEERS_FOLDER } from './peers-folder.js';
import { peerVersions } from './peer-versions.js';
import { PEERS } from './peers.js';

/** `peers install` and `peers list`. */
export function addPeersCommand(program: Command, { out, error }: Console, exit: (code: number) => void): void {
  const peers = program.command('peers').description('Installs or lists the libraries that ours are compared with.');
  peers
    .command('install')
    .description('Installs those that npm has, some 600 MB, without running their install scripts.')
    .option('--peers <folder>', 'where to', PEERS_FOLDER)
    .action(async ({ peers: folder }: { readonly peers: string }) => {
      const code = await installPeers(folder);
      if (code === 0) return;
      error(`error: npm could not install the peers into ${folder}`);
      exit(70);
    });
  peers
    .command('list')
    .description('Says which are installed, and how to get the others.')
    .option('--peers <folder>', 'where to look', PEERS_FOLDER)
    .action(async ({ peers: folder }: { readonly peers: string }) => out(await listText(folder)));
}

async function listText(folder: string): Promise<string> {
  const table = new Table({ head: ['name', 'what', 'version'], style: { head: [], border: [], compact: true } });
  const versions = await peerVersions(folder);
  table.push(
    ...PEERS.map(({ name, title }, index) => [name, title, versions[index]?.version ?? versions[index]?.missing ?? '']),
  );
  return table.toString();
}

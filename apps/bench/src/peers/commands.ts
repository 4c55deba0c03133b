import Table from 'cli-table3';
import type { Command } from 'commander';
import type { Console } from '../console.js';
import { MissingProgram } from '../measure/variant.js';
import { installPeers } from './install-peers.js';
import { PEERS_FOLDER } from './peers-folder.js';
import type { Peer } from './peer.js';
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
  for (const peer of PEERS) table.push([peer.name, peer.title, await versionText(peer, folder)]);
  return table.toString();
}

async function versionText({ version }: Peer, folder: string): Promise<string> {
  try {
    return await version(folder);
  } catch (error) {
    if (error instanceof MissingProgram) return error.message;
    throw error;
  }
}

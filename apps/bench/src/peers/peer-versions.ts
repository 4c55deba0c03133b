import { MissingProgram } from '../measure/variant.js';
import type { Peer as PeerRecord } from '../records/run-record.js';
import type { Peer } from './peer.js';
import { PEERS } from './peers.js';

/** Every peer with its version, or why it is missing and how to get it. */
export function peerVersions(folder: string, peers: readonly Peer[] = PEERS): Promise<PeerRecord[]> {
  return Promise.all(peers.map((peer) => versionOf(peer, folder)));
}

async function versionOf({ name, version }: Peer, folder: string): Promise<PeerRecord> {
  try {
    return { name, version: await version(folder) };
  } catch (error) {
    if (error instanceof MissingProgram) return { name, missing: error.message };
    throw error;
  }
}

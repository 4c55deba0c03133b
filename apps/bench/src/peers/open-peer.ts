import type { Input } from '../measure/input.js';
import type { PeerProgram } from '../measure/protocol.js';
import { MissingProgram, type Variant } from '../measure/variant.js';
import { PEERS } from './peers.js';

/** A peer ready to be timed. */
export async function openPeer({ peer, operation }: PeerProgram, input: Input, folder: string): Promise<Variant> {
  const found = PEERS.find(({ name }) => name === peer);
  if (found === undefined) throw new MissingProgram(`no peer is called '${peer}'`);
  return found.open(input, operation, folder);
}

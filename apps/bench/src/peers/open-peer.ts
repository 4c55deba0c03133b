import type { Input } from '../measure/input.js';
import type { PeerProgram } from '../measure/protocol.js';
import { MissingProgram, type Variant } from '../measure/variant.js';

export function openPeer({ peer }: PeerProgram, input: Input, folder: string): Promise<Variant> {
  throw new MissingProgram(peer + input.spec.rows + folder);
}

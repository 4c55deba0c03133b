import { join } from 'node:path';

/** Where `peers install` puts them and a run looks: under `node_modules`, which every tool leaves alone. */
export const PEERS_FOLDER: string = join(process.cwd(), 'node_modules/.cache/surprisal-bench/peers');

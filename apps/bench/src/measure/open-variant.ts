import { openAnchor, openCopy } from './anchor-variant.js';
import type { Input } from './input.js';
import { loadAllocate, loadRegistry } from './load-plugins.js';
import { openOwn, ownLoss } from './own-variant.js';
import { openPeer } from '../peers/open-peer.js';
import type { Job, VariantSpec } from './protocol.js';
import type { Loss } from '@surprisal/core';
import type { Variant } from './variant.js';

/** A variant ready to run, and the loss it computes where it is a loss of ours. */
export interface OpenVariant {
  readonly spec: VariantSpec;
  readonly input: Input;
  readonly variant: Variant;
  readonly loss?: Loss;
}

/** Loads what a spec names. */
export async function openVariant(spec: VariantSpec, input: Input, job: Job): Promise<OpenVariant> {
  const { program } = spec;
  switch (program.kind) {
    case 'anchor':
      return { spec, input, variant: await openAnchor(input, program.copy) };
    case 'copy':
      return { spec, input, variant: openCopy(input) };
    case 'ours': {
      const modules = job.sides[program.side] ?? [];
      const loss = ownLoss(await loadRegistry(modules), program);
      return { spec, input, loss, variant: openOwn(loss, program, input, await loadAllocate(modules)) };
    }
    case 'peer':
      return { spec, input, variant: await openPeer(program, input, job.peers) };
  }
}

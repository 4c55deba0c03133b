import { openAnchor, openCopy } from './anchor-variant.js';
import { floatArray, type Input } from './input.js';
import { loadAllocate, loadRegistry } from './load-plugins.js';
import { openOwn, ownLoss } from './own-variant.js';
import { openPeer } from '../peers/open-peer.js';
import type { Job, VariantSpec } from './protocol.js';
import type { Loss } from '@surprisal/core';
import { MissingProgram, type Variant } from './variant.js';

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
      refuseMissingEngine(loss, program.engine);
      const allocate = await loadAllocate(modules);
      const variant = openOwn(loss, program, input, allocate);
      if (program.slowed === undefined) return { spec, input, loss, variant };
      const { time } = openOwn(loss, program, lengthened(input, program.slowed), allocate);
      return { spec, input, loss, variant: { ...variant, time } };
    }
    case 'peer':
      return { spec, input, variant: await openPeer(program, input, job.peers) };
  }
}

/** An engine that the link has and this runtime cannot run: a row that says so, and no reason to measure nothing else. */
function refuseMissingEngine({ link }: Loss, name: string): void {
  const engine = link.engines.find((each) => each.name === name);
  if (engine?.available?.() !== false) return;
  throw new MissingProgram(`Node ${process.versions.node} cannot run the engine ${name}: take a newer one`);
}

/** The input with some of its rows once more, so that there is `factor` times the work. */
function lengthened({ spec, logits, labels }: Input, factor: number): Input {
  const rows = Math.round(spec.rows * factor);
  const longer = floatArray(spec.type, rows * spec.classes);
  longer.set(logits);
  longer.set(logits.subarray(0, longer.length - logits.length), logits.length);
  return {
    spec: { ...spec, rows },
    logits: longer,
    labels: Int32Array.from({ length: rows }, (_, row) => labels[row % spec.rows] ?? 0),
  };
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { classifierPlan } from '../../classifiers.js';
import type { DatasetName } from '../../data/dataset.js';
import { loadNextTokens } from '../../data/next-tokens.js';
import type { InputSpec } from '../../measure/protocol.js';
import { trainClassifier } from '../../train/train-classifier.js';

/** Where real logits come from. */
export type RealInput = DatasetName | 'tokens';

/** Real logits in files, which measuring processes read. */
export interface RealInputs {
  /** Made when first asked for. */
  readonly of: (name: RealInput) => InputSpec;
  readonly remove: () => void;
}

/** Next-token rows: as many logits as fit the caches. */
const TOKEN_ROWS = 12;

/** Trains classifiers and models when their logits are asked for, and keeps the logits in a temporary folder. */
export function realInputs(seed: number, limit?: number): RealInputs {
  const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-'));
  const made = new Map<RealInput, InputSpec>();
  const write = (name: string, data: Float32Array | Int32Array): string => {
    const path = join(folder, name);
    writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return path;
  };
  const make = (name: RealInput): InputSpec => {
    const { rows, classes, logits, labels } =
      name === 'tokens' ? loadNextTokens({ seed, rows: TOKEN_ROWS }) : classified(name, seed, limit);
    const source = {
      kind: 'files',
      logits: write(`${name}-logits`, logits),
      labels: write(`${name}-labels`, labels),
    } as const;
    return { rows, classes, type: 'float32', targets: 'labels', source };
  };
  return {
    of: (name) => {
      const spec = made.get(name) ?? make(name);
      made.set(name, spec);
      return spec;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function classified(name: DatasetName, seed: number, limit?: number): ReturnType<typeof loadNextTokens> {
  const { load, loss, training } = classifierPlan(name);
  const { dataset, logits, outputs } = trainClassifier(load({ seed, limit }), loss, { ...training, seed });
  const { labels } = dataset.heldOut;
  return { rows: labels.length, classes: outputs, logits, labels: Int32Array.from(labels) };
}

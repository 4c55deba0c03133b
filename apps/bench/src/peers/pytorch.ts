import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FloatArray, Input } from '../measure/input.js';
import type { Operation } from '../measure/protocol.js';
import { MissingProgram, type Variant } from '../measure/variant.js';
import { startLineProcess, type LineProcess } from './line-process.js';
import type { Peer } from './peer.js';
import { PYTORCH_PROGRAM } from './pytorch-program.js';

/** The first is what the user's shell would run; the other has what the system's packages install. */
const INTERPRETERS = ['python3', '/usr/bin/python3'] as const;

/** PyTorch on the CPU with one thread: `torch.nn.functional`, timed by a loop of its own in Python. */
export const pytorch: Peer = {
  name: 'pytorch',
  title: 'PyTorch, CPU, one thread',
  packages: {},
  fix: 'pip install torch, or apt-get install python3-torch',
  version: async () => {
    const { python, version } = await startPython();
    python.end();
    return version;
  },
  open: async (input, operation) => openPyTorch((await startPython()).python, input, operation),
};

async function startPython(): Promise<{ readonly python: LineProcess; readonly version: string }> {
  for (const command of INTERPRETERS) {
    const python = startLineProcess(command, ['-c', PYTORCH_PROGRAM]);
    try {
      return { python, version: await python.next() };
    } catch {
      python.end();
    }
  }
  throw new MissingProgram(`${INTERPRETERS.join(' and ')} cannot import torch: ${pytorch.fix}`);
}

async function openPyTorch(python: LineProcess, input: Input, operation: Operation): Promise<Variant> {
  const { spec, logits } = input;
  const { rows, classes, type } = spec;
  const folder = mkdtempSync(join(tmpdir(), 'surprisal-bench-'));
  const files = writeInput(input, folder);
  python.send(JSON.stringify({ rows, classes, type, operation, ...files }));
  await python.next();
  const ask = (line: string): Promise<string> => {
    python.send(line);
    return python.next();
  };
  return {
    elements: logits.length,
    time: async (calls) => Number(await ask(`time ${calls}`)),
    outputs: async () => {
      const value = Number(await ask('outputs'));
      return {
        value,
        losses: readFloats(files.losses, type),
        gradient: readFloats(files.gradient, type),
        denominator: rows,
      };
    },
    close: () => {
      python.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Files = Readonly<Record<'logits' | 'labels' | 'gradient' | 'losses', string>> & {
  readonly probabilities?: string;
};

function writeInput({ logits, labels, probabilities }: Input, folder: string): Files {
  const write = (name: string, data: FloatArray | Int32Array): string => {
    const path = join(folder, name);
    writeFileSync(path, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return path;
  };
  return {
    logits: write('logits', logits),
    labels: write('labels', labels),
    gradient: join(folder, 'gradient'),
    losses: join(folder, 'losses'),
    ...(probabilities && { probabilities: write('probabilities', probabilities) }),
  };
}

function readFloats(path: string, type: Input['spec']['type']): FloatArray {
  const bytes = new Uint8Array(readFileSync(path)).buffer;
  return type === 'float32' ? new Float32Array(bytes) : new Float64Array(bytes);
}

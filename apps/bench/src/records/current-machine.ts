import { arch, cpus, totalmem } from 'node:os';
import type { Machine } from './run-record.js';

/** The machine that this process runs on. */
export function currentMachine(): Machine {
  const processors = cpus();
  const model = processors[0]?.model.trim().replaceAll(/\s+/g, ' ') ?? '';
  return {
    os: process.platform,
    arch: arch(),
    cpu: model === '' ? 'unknown' : model,
    cores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
    runtime: { name: 'node', version: process.versions.node },
  };
}

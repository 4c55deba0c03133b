/** What the kernels are measured on: one group for each case of the table of targets. */
import type { Group } from '../../measure/measure-group.js';
import type { VariantSpec } from '../../measure/protocol.js';
import { ANCHOR, COPY, normalInput, own, peers, yardsticks } from '../variants.js';
import { atMost, faster, type Target } from './target.js';

/** A group and what its times should be. */
export interface KernelGroup extends Group {
  readonly targets: readonly Target[];
}

/** The call that others of its group are compared with, where one has no wrapper and no option. */
export const BARE = 'bare';

export const RELAXED = 'wasm-relaxed-simd';
const PLAIN = 'wasm-simd';
const TYPESCRIPT = 'typescript';
const PYTORCH = 'pytorch';
const JAVASCRIPT_PEERS = ['tfjs-wasm', 'jax-wasm'] as const;
/** Relaxed and plain SIMD with arrays in the kernels' own memory. */
const RELAXED_MEMORY = `${RELAXED} kernel memory`;
const PLAIN_MEMORY = `${PLAIN} kernel memory`;

const softmax = { version: 1, loss: 'categorical-cross-entropy' } as const;
const sigmoid = { version: 1, loss: 'binary-cross-entropy' } as const;

const inMemory = (loss: typeof softmax | typeof sigmoid): VariantSpec[] => [
  own(RELAXED_MEMORY, loss, RELAXED, { memory: 'kernel' }),
  own(PLAIN_MEMORY, loss, PLAIN, { memory: 'kernel' }),
];

const engines = (loss: typeof softmax | typeof sigmoid): VariantSpec[] =>
  [RELAXED, PLAIN, TYPESCRIPT].map((engine) => own(engine, loss, engine));

/** A shape of the softmax link with everything that it is compared with. */
function shape(
  rows: number,
  classes: number,
  targets: readonly Target[],
  more: readonly VariantSpec[] = [],
): KernelGroup {
  return {
    id: `c${classes}`,
    title: `softmax, ${rows.toLocaleString('en-US')} x ${classes.toLocaleString('en-US')}`,
    inputs: { main: normalInput(rows, classes) },
    variants: [...yardsticks(), ...engines(softmax), ...more, ...peers([PYTORCH, ...JAVASCRIPT_PEERS])],
    targets,
  };
}

/** Up to 32 classes. */
function short(rows: number, classes: number, byLoop: number, more: readonly Target[] = []): KernelGroup {
  return shape(rows, classes, [
    { id: 'pytorch', what: 'relaxed SIMD, than PyTorch', reads: faster(4, RELAXED, PYTORCH) },
    { id: 'loop', what: 'relaxed SIMD, than the plain loop', reads: faster(byLoop, RELAXED, ANCHOR) },
    { id: 'plain-pytorch', what: 'plain SIMD, than PyTorch', reads: faster(2, PLAIN, PYTORCH) },
    { id: 'plain-loop', what: 'plain SIMD, than the plain loop', reads: faster(5, PLAIN, ANCHOR) },
    ...more,
  ]);
}

const javaScriptPeers = (times: number): Target[] =>
  JAVASCRIPT_PEERS.map((peer) => ({
    id: peer,
    what: `relaxed SIMD, than ${peer}`,
    reads: faster(times, RELAXED, peer),
  }));

const typeScript = (share: number): Target => ({
  id: 'typescript',
  what: 'TypeScript, of the plain loop',
  reads: atMost(share, TYPESCRIPT, ANCHOR),
});

const fromMemory = (factor: number, stretch?: number): Target[] => [
  {
    id: 'memory',
    what: 'relaxed SIMD in kernel memory, of the copy',
    reads: atMost(factor, RELAXED_MEMORY, COPY, stretch),
  },
  { id: 'ordinary', what: 'relaxed SIMD, ordinary arrays, of the copy', reads: atMost(4, RELAXED, COPY) },
  { id: 'plain', what: 'plain SIMD in kernel memory, of the copy', reads: atMost(3.5, PLAIN_MEMORY, COPY) },
];

/** Shapes of the softmax link. */
export const SHAPES: readonly KernelGroup[] = [
  short(65_536, 2, 12),
  short(65_536, 3, 6),
  short(16_384, 10, 6, [...javaScriptPeers(8), typeScript(1)]),
  short(8192, 32, 6),
  shape(4096, 100, [
    { id: 'pytorch', what: 'relaxed SIMD, than PyTorch', reads: faster(2.5, RELAXED, PYTORCH) },
    typeScript(0.6),
  ]),
  shape(1024, 1000, [...javaScriptPeers(20), typeScript(0.6)]),
  {
    id: 'c1000-memory',
    title: 'softmax, 16,384 x 1,000, larger than the caches',
    inputs: { main: normalInput(16_384, 1000) },
    variants: [...yardsticks(), ...engines(softmax), ...inMemory(softmax)],
    targets: fromMemory(3),
  },
  shape(
    512,
    32_000,
    [
      ...fromMemory(2.3, 1.8),
      ...javaScriptPeers(20),
      { id: 'bytes', what: 'relaxed SIMD, bytes allocated', reads: { kind: 'bytes', of: RELAXED, limit: 2 ** 20 } },
    ],
    inMemory(softmax),
  ),
  {
    id: 'c151936',
    title: 'softmax, 64 x 151,936 beside 304 x 32,000',
    inputs: { main: normalInput(64, 151_936), other: normalInput(304, 32_000) },
    variants: [...yardsticks(), ...engines(softmax), own('c32000', softmax, RELAXED, { input: 'other' })],
    targets: [{ id: 'long', what: 'a logit, of one at C = 32,000', reads: atMost(1.2, RELAXED, 'c32000') }],
  },
];

/** The sigmoid link, float64, and one small call. */
export const OTHER_CASES: readonly KernelGroup[] = [
  {
    id: 'binary',
    title: 'binary, 4,000,000',
    inputs: { main: normalInput(4_000_000, 1) },
    variants: [...yardsticks(), ...engines(sigmoid), ...inMemory(sigmoid), ...peers([PYTORCH, ...JAVASCRIPT_PEERS])],
    targets: [
      {
        id: 'memory-pytorch',
        what: 'relaxed SIMD in kernel memory, than PyTorch',
        reads: faster(3, RELAXED_MEMORY, PYTORCH),
      },
      {
        id: 'memory-loop',
        what: 'relaxed SIMD in kernel memory, than the loop',
        reads: faster(10, RELAXED_MEMORY, ANCHOR),
      },
      { id: 'pytorch', what: 'relaxed SIMD, than PyTorch', reads: faster(2, RELAXED, PYTORCH) },
      { id: 'loop', what: 'relaxed SIMD, than the plain loop', reads: faster(7, RELAXED, ANCHOR) },
      typeScript(0.8),
    ],
  },
  {
    id: 'float64',
    title: 'softmax, 1,024 x 1,000, float64 beside float32',
    inputs: { main: normalInput(1024, 1000, { type: 'float64' }), float32: normalInput(1024, 1000) },
    variants: [
      ...yardsticks(),
      ...engines(softmax),
      own(`${RELAXED} float32`, softmax, RELAXED, { input: 'float32' }),
      own(`${PLAIN} float32`, softmax, PLAIN, { input: 'float32' }),
      ...peers([PYTORCH]),
    ],
    targets: [
      { id: 'relaxed', what: 'relaxed SIMD, of its float32', reads: atMost(3.2, RELAXED, `${RELAXED} float32`) },
      { id: 'plain', what: 'plain SIMD, of its float32', reads: atMost(3.7, PLAIN, `${PLAIN} float32`) },
      typeScript(0.8),
    ],
  },
  {
    id: 'call',
    title: 'softmax, 32 x 10, one call',
    inputs: { main: normalInput(32, 10) },
    variants: [...yardsticks(), ...engines(softmax), ...peers([PYTORCH, ...JAVASCRIPT_PEERS])],
    targets: [
      { id: 'loop', what: 'relaxed SIMD, of the plain loop', reads: atMost(0.7, RELAXED, ANCHOR) },
      { id: 'time', what: 'relaxed SIMD, microseconds', reads: { kind: 'microseconds', of: RELAXED, limit: 4 } },
    ],
  },
];

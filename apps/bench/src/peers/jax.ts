import type { FloatArray, Input } from '../measure/input.js';
import type { Operation } from '../measure/protocol.js';
import { MissingProgram, timeCalls, type Variant } from '../measure/variant.js';
import { requirePeer, versionOfPeer } from './peer-modules.js';
import { INSTALL, type Peer } from './peer.js';

/** An array of jax-js: an operation takes it away, unless it is handed on by `ref`. */
interface Array {
  readonly ref: Array;
  readonly dispose: () => void;
  readonly reshape: (shape: readonly number[]) => Array;
  readonly add: (other: Array) => Array;
  readonly sub: (other: Array) => Array;
  readonly mul: (other: Array) => Array;
  readonly sum: (axis?: number) => Array;
  readonly mean: () => Array;
  readonly neg: () => Array;
  readonly dataSync: () => FloatArray;
}

/** What is used of `@jax-js/jax`. */
interface Jax {
  readonly init: (device: string) => Promise<readonly string[]>;
  readonly defaultDevice: (device: string) => void;
  readonly numpy: {
    readonly array: (data: FloatArray | Int32Array) => Array;
    readonly int32: string;
  };
  readonly nn: {
    readonly logSoftmax: (x: Array) => Array;
    readonly softplus: (x: Array) => Array;
    readonly oneHot: (labels: Array, classes: number) => Array;
  };
  readonly jit: <Run extends (...args: Array[]) => unknown>(run: Run) => Run;
  readonly valueAndGrad: (loss: (x: Array, y: Array) => Array) => (x: Array, y: Array) => [Array, Array];
}

const PACKAGE = '@jax-js/jax';

/** jax-js on its WebAssembly backend: compiled by `jit`, one-hot targets as its own examples have them. */
export const jax: Peer = {
  name: 'jax-wasm',
  title: 'jax-js, WebAssembly backend',
  packages: { [PACKAGE]: '0.1.25' },
  fix: INSTALL,
  version: (folder) => versionOfPeer(folder, PACKAGE),
  open: async (input, operation, folder) => openJax(requirePeer(folder, PACKAGE) as Jax, input, operation),
};

async function openJax(
  library: Jax,
  { spec, logits, labels, probabilities }: Input,
  operation: Operation,
): Promise<Variant> {
  const { rows, classes, type } = spec;
  if (type === 'float64') throw new MissingProgram('measured in float32 only');
  const devices = await library.init('wasm');
  if (!devices.includes('wasm')) throw new MissingProgram('jax-js finds no WebAssembly here');
  library.defaultDevice('wasm');
  const { numpy, nn, jit, valueAndGrad } = library;
  const shape = classes === 1 ? [rows] : [rows, classes];
  const x = numpy.array(logits).reshape(shape);
  const y =
    probabilities !== undefined
      ? numpy.array(probabilities).reshape(shape)
      : classes === 1
        ? numpy.array(Float32Array.from(labels))
        : nn.oneHot(numpy.array(labels), classes);
  const rowLosses =
    classes === 1
      ? (z: Array, u: Array): Array => nn.softplus(z.ref).sub(z.mul(u))
      : (z: Array, u: Array): Array => nn.logSoftmax(z).mul(u).sum(1).neg();
  const value = jit((z: Array, u: Array) => rowLosses(z, u).mean());
  const withGradient = jit(valueAndGrad((z, u) => rowLosses(z, u).mean()));
  const run =
    operation === 'value'
      ? (): number => value(x.ref, y.ref).dataSync()[0] ?? NaN
      : (): number => {
          const [loss, gradient] = withGradient(x.ref, y.ref);
          const result = loss.dataSync()[0] ?? NaN;
          // Reading starts what was put off; without it the gradient would not be computed.
          gradient.dataSync();
          return result;
        };
  return {
    elements: logits.length,
    time: timeCalls(run),
    outputs: () => {
      const [loss, gradient] = withGradient(x.ref, y.ref);
      const losses = jit(rowLosses)(x.ref, y.ref).dataSync();
      return { value: loss.dataSync()[0] ?? NaN, gradient: gradient.dataSync(), losses, denominator: rows };
    },
  };
}

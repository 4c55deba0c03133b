import { join } from 'node:path';
import type { FloatArray, Input } from '../measure/input.js';
import type { Operation } from '../measure/protocol.js';
import { MissingProgram, timeCalls, type Variant } from '../measure/variant.js';
import { folderOfPeer, requirePeer, versionOfPeer } from './peer-modules.js';
import { INSTALL, type Peer } from './peer.js';

interface Tensor {
  readonly dataSync: () => Float32Array;
  readonly dispose: () => void;
}

/** What is used of `@tensorflow/tfjs`. */
interface TensorFlow {
  readonly setBackend: (name: string) => Promise<boolean>;
  readonly ready: () => Promise<void>;
  readonly tensor: (data: FloatArray, shape: readonly number[]) => Tensor;
  readonly tensor1d: (data: Int32Array, type: 'int32') => Tensor;
  readonly oneHot: (labels: Tensor, classes: number) => Tensor;
  readonly tidy: <Result>(run: () => Result) => Result;
  readonly valueAndGrad: (
    loss: (logits: Tensor) => Tensor,
  ) => (logits: Tensor) => { readonly value: Tensor; readonly grad: Tensor };
  readonly losses: Record<'softmaxCrossEntropy' | 'sigmoidCrossEntropy', LossOf>;
  readonly Reduction: { readonly NONE: number };
}

type LossOf = (labels: Tensor, logits: Tensor, weights?: undefined, smoothing?: number, reduction?: number) => Tensor;

const CORE = '@tensorflow/tfjs';
const WASM = '@tensorflow/tfjs-backend-wasm';

/** TensorFlow.js on one of its backends: `tf.losses`, with tensors made beforehand and the value read back. */
export function tensorFlow(backend: 'cpu' | 'wasm'): Peer {
  return {
    name: `tfjs-${backend}`,
    title: `TensorFlow.js, ${backend} backend`,
    packages: { [CORE]: '4.22.0', ...(backend === 'wasm' && { [WASM]: '4.22.0' }) },
    fix: INSTALL,
    version: (folder) => versionOfPeer(folder, CORE),
    open: async (input, operation, folder) => onBackend(await load(folder, backend), backend, input, operation),
  };
}

async function load(folder: string, backend: 'cpu' | 'wasm'): Promise<TensorFlow> {
  const tf = requirePeer(folder, CORE) as TensorFlow;
  if (backend === 'wasm') {
    const wasm = requirePeer(folder, WASM) as { readonly setWasmPaths: (path: string) => void };
    wasm.setWasmPaths(join(folderOfPeer(folder, WASM), 'dist/'));
  }
  await tf.setBackend(backend);
  await tf.ready();
  return tf;
}

/** Backends share one library, which computes with the one that was set last: each sets its own before it runs. */
function onBackend(tf: TensorFlow, backend: 'cpu' | 'wasm', input: Input, operation: Operation): Variant {
  const { elements, time, outputs } = openTensorFlow(tf, input, operation);
  return {
    elements,
    time: async (calls) => {
      await tf.setBackend(backend);
      return time(calls);
    },
    outputs: async () => {
      await tf.setBackend(backend);
      return outputs();
    },
  };
}

function openTensorFlow(tf: TensorFlow, { spec, logits, labels, probabilities }: Input, operation: Operation): Variant {
  const { rows, classes, type } = spec;
  if (type === 'float64') throw new MissingProgram('TensorFlow.js has no float64');
  const shape = classes === 1 ? [rows] : [rows, classes];
  const x = tf.tensor(logits, shape);
  const y =
    probabilities !== undefined
      ? tf.tensor(probabilities, shape)
      : classes === 1
        ? tf.tensor(Float32Array.from(labels), shape)
        : tf.oneHot(tf.tensor1d(labels, 'int32'), classes);
  const of = classes === 1 ? tf.losses.sigmoidCrossEntropy : tf.losses.softmaxCrossEntropy;
  const withGradient = tf.valueAndGrad((z) => of(y, z));
  const valueOf = (tensor: Tensor): number => tensor.dataSync()[0] ?? NaN;
  const run =
    operation === 'value'
      ? (): number => tf.tidy(() => valueOf(of(y, x)))
      : (): number => tf.tidy(() => valueOf(withGradient(x).value));
  return {
    elements: logits.length,
    time: timeCalls(run),
    outputs: () =>
      tf.tidy(() => {
        const { value, grad } = withGradient(x);
        const losses = of(y, x, undefined, 0, tf.Reduction.NONE).dataSync();
        return { value: valueOf(value), gradient: grad.dataSync(), losses, denominator: rows };
      }),
  };
}

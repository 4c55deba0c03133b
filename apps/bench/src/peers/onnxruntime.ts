import type { FloatArray, Input } from '../measure/input.js';
import type { Operation } from '../measure/protocol.js';
import { MissingProgram, type Variant } from '../measure/variant.js';
import { lossModel, type Protobuf } from './onnx-model.js';
import { requirePeer, versionOfPeer } from './peer-modules.js';
import { INSTALL, type Peer } from './peer.js';

interface Tensor {
  readonly data: FloatArray;
}

interface Session {
  readonly run: (feeds: Readonly<Record<string, Tensor>>) => Promise<Readonly<Record<string, Tensor>>>;
}

/** What is used of `onnxruntime-node`. */
interface OnnxRuntime {
  readonly InferenceSession: {
    readonly create: (model: Uint8Array, options: Readonly<Record<string, number>>) => Promise<Session>;
  };
  readonly Tensor: new (type: string, data: FloatArray | BigInt64Array, dims: readonly number[]) => Tensor;
}

const PACKAGE = 'onnxruntime-node';

/** onnxruntime's SoftmaxCrossEntropyLoss on one thread: the value alone, it computes no gradient here. */
export const onnxruntime: Peer = {
  name: 'onnxruntime',
  title: 'onnxruntime, CPU, forward',
  packages: { [PACKAGE]: '1.30.0', protobufjs: '8.8.1' },
  fix: INSTALL,
  version: (folder) => versionOfPeer(folder, PACKAGE),
  open: async (input, operation, folder) =>
    openOnnx(
      requirePeer(folder, PACKAGE) as OnnxRuntime,
      requirePeer(folder, 'protobufjs') as Protobuf,
      input,
      operation,
    ),
};

async function openOnnx(
  library: OnnxRuntime,
  protobuf: Protobuf,
  input: Input,
  operation: Operation,
): Promise<Variant> {
  const { spec, logits, labels, probabilities } = input;
  const { rows, classes, type } = spec;
  if (operation !== 'value')
    throw new MissingProgram('onnxruntime computes no gradient outside of its training builds');
  if (classes === 1) throw new MissingProgram('ONNX has no binary cross-entropy of logits');
  if (type !== 'float32' || probabilities !== undefined)
    throw new MissingProgram('measured with float32 and labels only');
  const open = (reduction: 'mean' | 'none'): Promise<Session> =>
    library.InferenceSession.create(lossModel(protobuf, rows, classes, reduction), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  const feeds = {
    logits: new library.Tensor('float32', logits, [rows, classes]),
    labels: new library.Tensor('int64', BigInt64Array.from(labels, BigInt), [rows]),
  };
  const session = await open('mean');
  const run = async (): Promise<number> => (await session.run(feeds))['loss']?.data[0] ?? NaN;
  return {
    elements: logits.length,
    time: async (calls) => {
      const start = performance.now();
      for (let done = 0; done < calls; done++) await run();
      return (performance.now() - start) * 1e6;
    },
    outputs: async () => {
      const losses = (await (await open('none')).run(feeds))['loss']?.data ?? new Float32Array(rows);
      return { value: await run(), losses, denominator: rows };
    },
  };
}

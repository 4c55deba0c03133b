// Tensors as other libraries type them.

type TypedArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

type ElementName =
  | 'float32'
  | 'float64'
  | 'float16'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'int4'
  | 'uint4'
  | 'bool'
  | 'string';

/** As in onnxruntime-common: text is among the types, so `data` may hold strings. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly type: ElementName;
  readonly data: TypedArray | string[];
  readonly location: 'none' | 'cpu' | 'cpu-pinned' | 'texture' | 'gpu-buffer' | 'ml-tensor';
  readonly size: number;
  getData(releaseData?: boolean): Promise<TypedArray | string[]>;
  dispose(): void;
  reshape(dims: readonly number[]): OnnxTensor;
}

/** As in transformers.js: a class with accessors, mutable dims, and methods that return tensors. */
export declare class TransformersTensor {
  dims: number[];
  get type(): ElementName;
  get data(): TypedArray | unknown[];
  get size(): number;
  get location(): string;
  [Symbol.iterator](): Iterator<unknown>;
  item(): number | bigint;
  tolist(): unknown[];
  softmax(dim?: number): TransformersTensor;
  to(type: ElementName): TransformersTensor;
}

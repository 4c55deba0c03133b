/** The model of one operator in ONNX's own format. */

/** What is used of `protobufjs`. */
export interface Protobuf {
  readonly parse: (source: string) => { readonly root: { readonly lookupType: (name: string) => MessageType } };
}

interface MessageType {
  readonly encode: (message: object) => { readonly finish: () => Uint8Array };
}

/** The part of onnx.proto3 that the model needs (field numbers of the ONNX specification). */
const SCHEMA = `syntax = "proto3";
message Attribute { string name = 1; bytes s = 4; int32 type = 20; }
message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
message Dimension { int64 dim_value = 1; }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message ValueInfo { string name = 1; Type type = 2; }
message Graph { repeated Node node = 1; string name = 2; repeated ValueInfo input = 11; repeated ValueInfo output = 12; }
message OperatorSet { string domain = 1; int64 version = 2; }
message Model { int64 ir_version = 1; Graph graph = 7; repeated OperatorSet opset_import = 8; }`;

const FLOAT = 1;
const INT64 = 7;
const STRING_ATTRIBUTE = 3;

/** SoftmaxCrossEntropyLoss over rows of classes, reduced to their mean or not at all. */
export function lossModel(protobuf: Protobuf, rows: number, classes: number, reduction: 'mean' | 'none'): Uint8Array {
  const valueInfo = (name: string, type: number, dims: readonly number[]): object => ({
    name,
    type: { tensorType: { elemType: type, shape: { dim: dims.map((size) => ({ dimValue: size })) } } },
  });
  const node = {
    input: ['logits', 'labels'],
    output: ['loss'],
    opType: 'SoftmaxCrossEntropyLoss',
    attribute: [{ name: 'reduction', s: new TextEncoder().encode(reduction), type: STRING_ATTRIBUTE }],
  };
  const graph = {
    node: [node],
    name: 'loss',
    input: [valueInfo('logits', FLOAT, [rows, classes]), valueInfo('labels', INT64, [rows])],
    output: [valueInfo('loss', FLOAT, reduction === 'mean' ? [] : [rows])],
  };
  const model = { irVersion: 8, graph, opsetImport: [{ domain: '', version: 13 }] };
  return protobuf.parse(SCHEMA).root.lookupType('Model').encode(model).finish();
}

export type { JsonObject, JsonValue } from './json.js';
export type {
  AffineStep,
  ClassMaskStep,
  CustomRule,
  CustomStep,
  CustomTile,
  ElementaryFunctions,
  LogitStep,
  MarginStep,
  MixStep,
  PartitionStep,
  Plan,
  ScaleStep,
  SoftcapStep,
  Step,
  SurprisalStep,
  SurprisalTerm,
  TargetStep,
} from './plan.js';
export type {
  DetailEngine,
  DetailRequest,
  DetailSession,
  DetailTile,
  Engine,
  Fault,
  InputKind,
  IntegerNumbers,
  LabelMeasure,
  Link,
  LinkName,
  OutcomeMeasure,
  Problem,
  ResolvedCustom,
  ResolvedPlan,
  RowLayout,
  Session,
  Tile,
} from './engine.js';
export type { CalibrationBin, ClassTotals, ExtraData, ExtraViews } from './extras/extra-data.js';
export type { ExtraOptions } from './extras/extra-options.js';
export type { Denominator, Evaluation, EvaluationData, Pair, Reduction, WhenEmpty } from './evaluation.js';
export type {
  CallEvaluation,
  CallOptions,
  Float16ArrayLike,
  FloatArray,
  GradientOf,
  IntegerArray,
  Logits,
  Loss,
  LossJson,
  Mask,
  Nested,
  OutputArray,
  OutputBuffer,
  Targets,
  TensorLike,
  ValueAndGradient,
  Weights,
} from './loss.js';
export type { RuleTile, TileRule } from './tile-rule.js';
export type {
  Checked,
  LossPlugin,
  OptionArguments,
  OptionSpec,
  OptionSpecs,
  Plugin,
  PluginFacts,
  Traits,
  WrapperPlugin,
} from './plugin.js';
export type { ElementType, NumberSink, NumberSource, RowRange } from './number-source.js';
export { halfSink, halfSource, numberSink, numberSource, positionOf, readRows, writeRows } from './number-source.js';
export { defineLoss, type Definition, type LossDefinition } from './define-loss.js';
export { defineWrapper, type WrapperDefinition } from './define-wrapper.js';
export { createRegistry, type Registry } from './registry.js';
export { lossId } from './loss-id.js';
export { mergeEvaluations } from './merge-evaluations.js';
export { readEvaluation } from './read-evaluation.js';
export {
  callPreparer,
  type CallNumbers,
  type PartOptions,
  type PrepareCall,
  type PreparedCall,
} from './prepare-call.js';
export { diagnose } from './diagnose/diagnose.js';
export type { Finding, FindingCode } from './diagnose/finding.js';
export { explain } from './explain/explain.js';
export { kindError, rangeError, show, showShape, type Complaint } from './errors.js';
export { readNumbers, type Expectation, type ReadNumbers } from './read-numbers.js';

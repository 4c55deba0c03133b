import type { Loss, Plugin, Step, Traits } from '@surprisal/core';

/** A loss under test, and what the laws need to know of it. */
export interface Subject {
  /** Its JSON and class count, for messages and test names. */
  readonly label: string;
  readonly loss: Loss;
  /** `classes`: a row is a row of classes; `elements`: each number has a target of its own. */
  readonly layout: 'classes' | 'elements';
  /** Classes of a row, or labels of a row. */
  readonly width: number;
  /** Claims of everything it is made of, together. */
  readonly traits: Traits;
  readonly seed: number;
  /** Engine to use; the automatic choice when absent. */
  readonly engine?: string;
  /** The plugin under test, the options given to it, and what it wraps. */
  readonly plugin: Plugin;
  readonly options: object;
  readonly inner?: Loss;
  /** The plugin under test with options under which it should change nothing of `inner`. */
  readonly unchanged?: Loss;
  /** The loss of the sigmoid link with the same plan as this one of two classes. */
  readonly twin?: Loss;
  /** Reads a loss back from JSON; absent where nobody knows the plugins of all its parts. */
  readonly fromJSON?: (json: unknown) => Loss;
}

/** Steps of the plan of one kind, outermost first. */
export function stepsOf<Kind extends Step['kind']>(loss: Loss, kind: Kind): readonly Extract<Step, { kind: Kind }>[] {
  return (loss.plan ?? []).filter((step): step is Extract<Step, { kind: Kind }> => step.kind === kind);
}

/** Which classes the plan's class masks leave. */
export function allowedClasses({ loss, width }: Subject): readonly boolean[] {
  const masks = stepsOf(loss, 'classMask');
  return Array.from({ length: width }, (_, index) => masks.every(({ allowed }) => allowed[index] === true));
}

/** Whether the loss is cross-entropy under target steps and affine logit steps only. */
export function isCrossEntropy({ loss }: Subject): boolean {
  const plain = ['scale', 'mix', 'affine'];
  return loss.plan?.every(({ kind }) => plain.includes(kind)) ?? false;
}

/** Whether targets may be any finite numbers. */
export function hasRealTargets({ loss }: Subject): boolean {
  return loss.tileRule?.targets === 'real';
}

/** Kinds of targets the loss takes: class indices (elements: 0 and 1), and probabilities. */
export function targetKinds({ traits }: Subject): readonly ('hard' | 'soft')[] {
  return traits.needsIndexTargets ? ['hard'] : ['hard', 'soft'];
}

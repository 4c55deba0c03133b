export { testLoss, type TestRunner } from './test-loss.js';
export type { AnyLossPlugin, AnyWrapperPlugin, Base, LossReader, TestLossOptions, Wrapping } from './options.js';
export { laws } from './laws.js';
export type { Law } from './law.js';
export type { Subject } from './subject.js';
export { subjectsOf } from './subjects.js';
export { fourPointGradient } from './four-point-gradient.js';
export { random, type Random } from './random.js';

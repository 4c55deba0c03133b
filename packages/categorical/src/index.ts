export { categoricalCrossEntropy, type CategoricalCrossEntropyOptions } from './categorical-cross-entropy.js';

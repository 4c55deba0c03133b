export { binaryCrossEntropy, type BinaryCrossEntropyOptions } from './binary-cross-entropy.js';

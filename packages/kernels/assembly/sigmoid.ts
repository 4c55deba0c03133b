// The elements of the sigmoid link. src/sigmoid/simd/ calls these functions and says what they leave where.
export { sumLosses32, sumLosses64 } from './shared/exact-sums';
export { isFused } from './shared/is-fused';
export { addMasses, setMassesOfLabels } from './sigmoid/masses';
export { affine32, crossEntropy32, crossEntropyOfLabels32, exponentials32 } from './sigmoid/float32';
export { addPartition, beginTerms, endTerms, labelsOfTargets, massesOfLabels, scoreTerms, widen } from './sigmoid/terms';
export { lightTerm, plainOutcomes, shiftOutcomes } from './sigmoid/light-terms';
export { affine64, crossEntropy64, crossEntropyOfLabels64, exponentials64 } from './sigmoid/float64';

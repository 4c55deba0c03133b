export { ofLogits, ofLogProbabilities, ofProbabilities, type Distribution } from './distribution.js';
export {
  divergenceOf,
  divergenceOfSurprisals,
  generalizedDivergenceOf,
  jensenShannonOf,
  mutualInformationOf,
} from './divergence.js';
export { conditionalSurprisal, expectedSurprisal } from './expected-surprisal.js';
export { differenceOf, sumOf, type Pair } from './pair.js';

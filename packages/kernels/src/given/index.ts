export { addSurprisals, createOutcomes, type Outcomes } from './outcome-costs.js';
export { surprisal, surprisalSlope } from './surprisal-terms.js';

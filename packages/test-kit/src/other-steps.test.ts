import { confident } from './testing-plugins/confident.js';
import { mixedTowards } from './testing-plugins/mixed-towards.js';
import { partitioned } from './testing-plugins/partitioned.js';
import { shiftedNegatives } from './testing-plugins/shifted-negatives.js';
import { testWrapper } from './testing-plugins/test-wrapper.js';

testWrapper(mixedTowards, (classes) => ({ amount: 0, priors: new Array<number>(classes).fill(1 / classes) }));
testWrapper(partitioned, { strength: 0 });
testWrapper(confident, { strength: 0 });
testWrapper(shiftedNegatives);

import { describe, it } from 'vitest';
import { testLoss } from './test-loss.js';
import { brier } from './testing-plugins/brier.js';
import { squared } from './testing-plugins/squared.js';

testLoss({ describe, it }, squared);
testLoss({ describe, it }, brier);

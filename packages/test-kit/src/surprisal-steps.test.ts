import { focused } from './testing-plugins/focused.js';
import { poly } from './testing-plugins/poly.js';
import { testWrapper } from './testing-plugins/test-wrapper.js';
import { unevenlyFocused } from './testing-plugins/unevenly-focused.js';

testWrapper(poly, { epsilon: 0 });
testWrapper(focused, { gamma: 0 });
testWrapper(unevenlyFocused, { gamma: 0 });

import { test } from 'vitest';
import { trainBeginnersNetwork } from './beginners-network.js';
import { tagArticles } from './multi-label.js';
test('x', () => {
  for (const seed of [1,2,3,4,7]) { trainBeginnersNetwork({ seed }); tagArticles({ seed }); }
});

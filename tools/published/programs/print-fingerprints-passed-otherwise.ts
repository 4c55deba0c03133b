import { fingerprints } from './fingerprints.js';

console.log(
  JSON.stringify([
    fingerprints({ offset: 1 }),
    fingerprints({ offset: 3, alone: true }),
    fingerprints({ alone: true }),
  ]),
);

import { fingerprints } from './fingerprints.js';

console.log(JSON.stringify(fingerprints()));

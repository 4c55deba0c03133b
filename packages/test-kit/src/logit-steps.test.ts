import { classMasked } from './testing-plugins/class-masked.js';
import { margined } from './testing-plugins/margined.js';
import { softCapped } from './testing-plugins/soft-capped.js';
import { tempered } from './testing-plugins/tempered.js';
import { testWrapper } from './testing-plugins/test-wrapper.js';

testWrapper(tempered, { temperature: 1 });
testWrapper(softCapped);
testWrapper(classMasked, (classes) => ({ allowed: new Array<boolean>(classes).fill(true) }));
testWrapper(margined, (classes) => ({ margins: new Array<number>(classes).fill(0) }));

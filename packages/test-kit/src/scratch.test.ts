import { binaryCrossEntropy } from '@surprisal/binary';
import { categoricalCrossEntropy } from '@surprisal/categorical';
import { labelSmoothed } from '@surprisal/label-smoothing';
import { classWeighted } from '@surprisal/weighted';
import { it } from 'vitest';
import { laws } from './laws.js';
import { subjectsOf } from './subjects.js';
import { tempered } from './testing-plugins/tempered.js';
it('x', () => {
  const subjects = subjectsOf(tempered, {
    bases: [categoricalCrossEntropy, binaryCrossEntropy],
    wrappers: [labelSmoothed, classWeighted],
  });
  console.log(String(subjects.length), 'subjects');
  let all = 0;
  for (const law of laws) {
    const t = performance.now();
    for (const s of subjects)
      if (law.applies(s))
        try {
          law.check(s);
        } catch {}
    const d = performance.now() - t;
    all += d;
    if (d > 20) console.log(d.toFixed(0), law.name);
  }
  console.log(all.toFixed(0), 'ALL');
});

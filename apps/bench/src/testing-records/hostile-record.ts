import { checkRecord } from '../records/check-record.js';
import { stringifyNumbers } from '../records/non-finite.js';
import type { RunRecord } from '../records/run-record.js';
import { exampleRecord } from './example-record.js';

/** What a text must not be able to do: run, break out of an attribute, a cell or a code span, mention somebody, load a picture. */
const HOSTILE =
  '<script>document.title="run"</script>"\'><img src=x onerror=alert(1)>|a`b``c|@everyone\n\n# h\n[l](javascript:alert(1))&lt;{{x}}</title></style></textarea>-->]]>';

/** Texts that the schema leaves no freedom in. */
const FIXED = new Set(['schema', 'time', 'status', 'gate', 'better', 'kind', 'quantity', 'verdict', 'bound']);

const NUMBERS = new Set<unknown>(['NaN', 'Infinity', '-Infinity']);

/** The example with markup in every text that may hold any, the names of axes included. */
export const hostileRecord: RunRecord = makeHostile();

function makeHostile(): RunRecord {
  let count = 0;
  // A number at the end keeps ids apart.
  const hostile = (key: string, value: unknown): unknown => {
    if (key === 'axes') return { ...(value as object), ['<b>axis</b>"|']: true };
    const fixed = FIXED.has(key) || NUMBERS.has(value) || (key === 'id' && /^[0-9a-f]{40}$/.test(String(value)));
    return typeof value === 'string' && !fixed ? `${HOSTILE}${count++}` : value;
  };
  const file = JSON.parse(stringifyNumbers(exampleRecord), hostile) as unknown;
  return checkRecord(file, 'hostile');
}

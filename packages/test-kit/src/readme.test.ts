import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { laws } from './laws.js';

it('the README lists every law, in order', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, list = ''] = readme.split('## Laws');
  const listed = [...list.split('\n## ')[0].matchAll(/^\| (.+?) +\| /gm)].map(([, law]) => law);
  expect(listed.slice(2)).toEqual(laws.map(({ name }) => name));
});

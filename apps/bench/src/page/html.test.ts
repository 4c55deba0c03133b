import { describe, expect, test } from 'vitest';
import { readHtml } from '../testing-records/read-html.js';
import { anchor, breakable, html, jsonScript, raw } from './html.js';

const hostile = `<b a="1" b='2'>&amp;</b>\u2028</script>`;

describe('a template', () => {
  test('escapes every text, in elements and in attributes, and keeps what is markup already', () => {
    const { markup } = html`<p title="${hostile}">${hostile}${[hostile, raw('<i></i>')]}${3}${false}${undefined}</p>`;
    const paragraph = readHtml(`<!doctype html><html><body>${markup}</body></html>`).querySelector('p');
    expect(paragraph?.textContent).toBe(`${hostile}${hostile}3`);
    expect(paragraph?.getAttribute('title')).toBe(hostile);
    expect(paragraph?.children.length).toBe(1);
  });

  test('lets long names go on in the next line, and escapes them', () => {
    expect(breakable('a(<b>(c))').markup).toBe('a(<wbr />&lt;b&gt;(<wbr />c))');
  });
});

test('data in a script element cannot end it, and comes back', () => {
  const { markup } = jsonScript('data', { text: hostile });
  expect(markup.match(/<\/?script/g)).toHaveLength(2);
  const json = markup.replace(/^<script[^>]*>/, '').replace('</script>', '');
  expect(JSON.parse(json)).toEqual({ text: hostile });
});

test('an id is the same for the same names, and has no character that needs care', () => {
  expect(anchor('row', hostile)).toBe(anchor('row', hostile));
  expect(anchor('row', hostile)).toMatch(/^row-[0-9a-f]{8}$/);
  expect(anchor('row', 'a', 'b')).not.toBe(anchor('row', 'ab'));
});

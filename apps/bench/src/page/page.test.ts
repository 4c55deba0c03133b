// The page in a real browser, from disk: nothing loaded, nothing complained of, usable in both themes.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registry } from '../registry.js';
import { METRICS } from '../records/benchmark-record.js';
import { exampleRecord } from '../testing-records/example-record.js';
import { hostileRecord } from '../testing-records/hostile-record.js';
import { manyRuns } from '../testing-records/many-runs.js';
import { readHtml } from '../testing-records/read-html.js';
import { temporaryFolder } from '../testing-records/temporary-folder.js';
import { curvesOf } from './curves.js';
import { pageText } from './page.js';

const executablePath = '/usr/bin/chromium';
const found = existsSync(executablePath);
if (!found) console.warn(`No ${executablePath} here: the page is not tested in a browser.`);

const runs = manyRuns(300);
const last = runs[runs.length - 1].record;
const curves = curvesOf(registry.plugins);
const full = pageText({ ...last, curves }, { runs, skipped: [{ file: 'a', reason: 'a was not written to its end' }] });
const hostile = pageText(hostileRecord, {
  runs: [{ file: 'a', record: hostileRecord }],
  skipped: [{ file: 'a', reason: '<img src=x onerror=alert(1)>' }],
});
const empty = pageText(
  { ...exampleRecord, benchmarks: [], accuracy: [], sizes: [], curves: [], selftests: [], peers: [] },
  { runs: [], skipped: [] },
);

describe('the page', () => {
  test('of 300 runs of 200 series has 1.5 MB at most', () => {
    expect(Buffer.byteLength(full)).toBeLessThanOrEqual(1_500_000);
    const { textContent = '' } = readHtml(full).querySelector('#history-data') ?? {};
    const { series } = JSON.parse(textContent) as { series: Record<string, { count: number }> };
    expect(Object.values(series).filter(({ count }) => count >= 299).length).toBeGreaterThanOrEqual(195);
  });

  test('has no id twice, and a target for every link within it', () => {
    const page = readHtml(full);
    const ids = [...page.querySelectorAll('[id]')].map((element) => element.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...page.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute('href')?.slice(1) ?? '');
    expect(links.length).toBeGreaterThan(300);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('has a table in the figure, or the section, of every plot', () => {
    const page = readHtml(full);
    const figures = [...page.querySelectorAll('figure')];
    const without = figures.filter((figure) => figure.querySelector('.plot') && !figure.querySelector('table'));
    expect(figures.length).toBeGreaterThan(200);
    expect(without.map((figure) => figure.getAttribute('id'))).toEqual(['compare-plot']);
    expect(page.querySelector('#compare > .scroll table')).not.toBeNull();
  });

  test('says what a record has not, instead of showing nothing', () => {
    const notes = [...readHtml(empty).querySelectorAll('.nothing')].map(({ textContent }) => textContent.trim());
    expect(notes).toContain('This run has no benchmarks.');
    expect(notes).toContain('No runs were published yet.');
    expect(notes.length).toBeGreaterThanOrEqual(8);
  });

  test('marks ties as ties, what is unproven and what is missing', () => {
    const { benchmarks } = exampleRecord;
    const [ours] = benchmarks;
    const twin = { ...ours, id: 'twin', axes: { ...ours.axes, engine: 'typescript' } };
    const page = readHtml(pageText({ ...exampleRecord, benchmarks: [...benchmarks, twin] }, { runs: [], skipped: [] }));
    expect([...page.querySelectorAll('#matrix td .tie')]).toHaveLength(2);
    const copy = {
      ...ours,
      id: 'copy',
      axes: { ...ours.axes, implementation: 'copy', engine: 'none' },
      metrics: [{ ...METRICS.time, value: 0.01 }],
    };
    const withCopy = readHtml(pageText({ ...exampleRecord, benchmarks: [copy, ours] }, { runs: [], skipped: [] }));
    expect(withCopy.querySelector('#matrix td .best')?.textContent).toBe('1.92');
    expect(page.querySelector('#matrix td .flag.wrong')?.getAttribute('title')).toBe(
      'the loss of row 17 is NaN, exactly 3.25',
    );
    expect(page.querySelector('#matrix td .flag.missing')).not.toBeNull();
  });
});

describe('the targets on the page', () => {
  const { targets = [], machine } = exampleRecord;
  const measured = (time: string, limit: number, cpu = machine.cpu): (typeof runs)[number] => ({
    file: time,
    record: {
      ...exampleRecord,
      time,
      machine: { ...machine, cpu },
      targets: targets.map((target) => ({ ...target, limit })),
    },
  });
  const without = { ...exampleRecord, targets: [] };

  test("are the run's own, with what they ask, the interval, and why one was not measured", () => {
    const page = readHtml(pageText(exampleRecord, { runs: [measured('2026-12-01T00:00:00.000Z', 9)], skipped: [] }));
    const cells = [...page.querySelectorAll('#targets tbody tr')].map((row) =>
      [...row.querySelectorAll('td')].map(({ textContent }) => textContent),
    );
    expect(cells).toEqual([
      ['in kernel memory, of the copy', '≤ 3 x', '2.4', '2.3 to 2.5', 'met'],
      ['than PyTorch', '≥ 4 x', '', '', 'not measured: python3 cannot import torch'],
    ]);
    const text = page.querySelector('#targets p')?.textContent;
    expect(text).toMatch(/^\s*Measured 2026-11-24 20:31 UTC, [^]*\squiet: 1 met, 0 missed, 1 not measured\. /);
  });

  test('are those that the same class of machines reached last, where the run has none', () => {
    const history = [
      measured('2026-12-01T00:00:00.000Z', 5),
      measured('2026-12-02T00:00:00.000Z', 7),
      measured('2026-12-03T00:00:00.000Z', 9, 'another'),
    ];
    const page = readHtml(pageText(without, { runs: history, skipped: [] }));
    expect(page.querySelector('#targets tbody td:nth-of-type(2)')?.textContent).toBe('≤ 7 x');
  });

  test('say how to measure them where nobody did', () => {
    const runs = [measured('2026-12-03T00:00:00.000Z', 9, 'another')];
    const page = readHtml(pageText(without, { runs, skipped: [] }));
    expect(page.querySelector('#targets .nothing')?.textContent).toBe(
      'The targets were not measured on this class of machines: “run --suite kernels” measures them.',
    );
  });
});

describe.skipIf(!found)('in Chromium', () => {
  let browser: Browser | undefined;

  beforeAll(async () => {
    const args = ['--no-sandbox', '--headless', '--disable-gpu', '--disable-background-networking'];
    browser = await chromium.launch({ executablePath, args });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
  });

  /** Opens a page from disk; `heard` collects requests, errors and complaints. */
  async function open(
    text: string,
    colorScheme: 'light' | 'dark',
    javaScriptEnabled = true,
  ): Promise<{ page: Page; heard: string[] }> {
    const file = join(await temporaryFolder(), 'page.html');
    await writeFile(file, text);
    const context = await browser?.newContext({ colorScheme, javaScriptEnabled, bypassCSP: false });
    if (context === undefined) throw new Error('there is no browser');
    const page = await context.newPage();
    const heard: string[] = [];
    const url = pathToFileURL(file).href;
    page.on('request', (request) => {
      if (request.url() !== url) heard.push(`request ${request.url()}`);
    });
    page.on('console', (message) => void heard.push(`console ${message.text()}`));
    page.on('pageerror', (error) => void heard.push(`error ${error.message}`));
    page.on('dialog', (dialog) => void heard.push(`dialog ${dialog.message()}`));
    await page.goto(url);
    return { page, heard };
  }

  test.each(['light', 'dark'] as const)(
    'opens in the %s theme with no request, no complaint, and no violation of axe',
    async (theme) => {
      const { page, heard } = await open(full, theme);
      expect(await page.title()).toMatch(/ – surprisal-bench$/);
      expect(heard).toEqual([]);
      // Of figures that are all alike a few: axe takes half a minute for all of them. Folded tables are looked at too.
      await page.evaluate(
        'document.querySelectorAll("figure:nth-of-type(n + 5)").forEach((figure) => figure.remove());' +
          'document.querySelectorAll("details").forEach((details) => (details.open = true))',
      );
      expect(await violationsOn(page)).toEqual([]);
      expect(heard).toEqual([]);
    },
    120_000,
  );

  test('is looked at by an axe that finds what is wrong', async () => {
    const wrong = full.replace(
      '<h1>surprisal-bench</h1>',
      '<h1 style="color:#ddd;background:#fff">surprisal-bench</h1>',
    );
    const { page } = await open(wrong, 'light');
    await page.evaluate('document.querySelector("main").remove()');
    expect((await violationsOn(page)).join('\n')).toMatch(/color-contrast \(1\).*\n[^]*landmark-one-main/);
  });

  test('chooses a theme, a machine and series, and lists all values of one, by keyboard alone', async () => {
    const { page, heard } = await open(full, 'light');
    const theme = page.getByRole('button', { name: 'Dark theme' });
    await theme.focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(17, 19, 21)');
    await page.getByLabel('Series').focus();
    await page.getByLabel('Series').fill('8 × 100,277, tokens, tfjs-wasm');
    expect(await page.getByRole('status').textContent()).toBe('5 series');
    const figure = page.locator('figure.series:visible').first();
    await figure.locator('summary').focus();
    await page.keyboard.press('Enter');
    await figure.getByRole('button', { name: 'List all values' }).press('Enter');
    expect(await figure.getByRole('group', { name: 'all values' }).locator('tbody tr').count()).toBe(299);
    expect(heard).toEqual([]);
  });

  test('opens what a permalink leads to, hidden by a choice or folded', async () => {
    const { page } = await open(full, 'light');
    await page.getByLabel('Series').fill('nothing like it');
    const id = await page.evaluate('document.querySelector("figure.series").id');
    await page.evaluate(`location.hash = ${JSON.stringify(id)}`);
    await page.locator(`#${String(id)}`).waitFor({ state: 'visible' });
    expect(await page.getByLabel('Series').inputValue()).toBe('');
  });

  test('is read without JavaScript: every section, plot and table', async () => {
    const { page, heard } = await open(full, 'light', false);
    expect(await page.locator('main > section:visible').count()).toBe(13);
    expect(await page.locator('.plot svg:visible').count()).toBeGreaterThan(200);
    await page.locator('#sizes table').waitFor({ state: 'visible' });
    expect(heard).toEqual([]);
  });

  test('shows markup in any text of a record as text', async () => {
    const { page, heard } = await open(hostile, 'dark');
    expect(await page.title()).toBe('wrong: 518fc2c0d1e2 – surprisal-bench');
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('img, iframe, object, link[rel=stylesheet], b >> text="axis"').count()).toBe(0);
    expect(await page.evaluate('document.querySelectorAll("[onerror], [onload], [href^=javascript]").length')).toBe(0);
    expect(await page.getByText('<script>document.title="run"</script>').count()).toBeGreaterThan(20);
    expect(heard).toEqual([]);
  });
});

/** What axe says of a page: each violation with its first place. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ' (' + nodes.length + '): ' + nodes[0].html.slice(0, 300) + ' ' + nodes[0].failureSummary))`);
}

import { createHash } from 'node:crypto';
import type { History } from '../history/run-file.js';
import type { RunRecord } from '../records/run-record.js';
import { accuracySection } from './accuracy.js';
import { compareSection } from './compare-view.js';
import { curvesSection } from './curve-plots.js';
import { historySection } from './history-view.js';
import { html, raw, type Html } from './html.js';
import { matrixSection } from './matrix.js';
import { methodSection } from './method.js';
import { commitText, overviewSections } from './overview.js';
import { PAGE_PROGRAM } from './program.js';
import { selftestsOf } from './selftests.js';
import { sizesSection } from './sizes.js';
import { speedSections } from './speed.js';
import { PAGE_STYLE } from './style.js';
import { targetsSection } from './targets.js';
import { count, moment } from './text.js';
import { variantsOf } from './variants.js';

/** The sections, in order, by their ids. */
const SECTIONS = {
  verdict: 'Verdict',
  machine: 'Machine and noise',
  matrix: 'Losses',
  accuracy: 'Error by margin',
  frontier: 'Accuracy and speed',
  scaling: 'Time by classes',
  'copy-floor': 'Copy floor',
  targets: 'Targets',
  sizes: 'Sizes',
  history: 'History',
  curves: 'Curves',
  compare: 'Comparison',
  method: 'Method',
} as const;

/** One page that needs nothing else: the record of a run, and the history it stands in. */
export function pageText(record: RunRecord, history: History): string {
  const variants = variantsOf(record);
  const content = [
    overviewSections(record),
    matrixSection(record, variants),
    accuracySection(record, variants),
    speedSections(record, variants),
    targetsSection(record, history),
    sizesSection(record),
    historySection(history),
    curvesSection(record.curves),
    compareSection(record),
    methodSection(record, selftestsOf(record, history)),
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${policy()}" />
        <title>${titleOf(record)}</title>
        <link rel="icon" href="data:," />
        ${raw(`<style>${PAGE_STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#verdict">Skip to the verdict</a>
        <header>
          <h1>surprisal-bench</h1>
          <p>${commitText(record.commit)}</p>
          <p><time datetime="${record.time}">${moment(record.time)} UTC</time></p>
        </header>
        <div class="body">
          <nav aria-label="Sections">
            <ul>
              ${navigation()}
            </ul>
          </nav>
          <main>${content}</main>
        </div>
        <footer>
          Made by ${record.tool.name} ${record.tool.version} from one record and
          ${count(history.runs.length, 'published run')}.
        </footer>
        ${raw(`<script>${PAGE_PROGRAM}</script>`)}
      </body>
    </html> `;
  return page.markup;
}

/** Nothing is loaded, and no program runs but the page's own, whatever a record holds. */
function policy(): string {
  const hash = createHash('sha256').update(PAGE_PROGRAM).digest('base64');
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}

function titleOf({ verdict, commit, time }: RunRecord): string {
  return `${verdict.status}: ${commit?.id.slice(0, 12) ?? moment(time)} – surprisal-bench`;
}

function navigation(): Html[] {
  return Object.entries(SECTIONS).map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`);
}

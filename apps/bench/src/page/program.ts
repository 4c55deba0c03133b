import { READ_VALUES } from './history-data.js';

const PROGRAM = `const root = document.documentElement;
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

const read = () => { try { return localStorage.getItem('surprisal-bench-theme'); } catch { return null; } };
const write = (theme) => { try { localStorage.setItem('surprisal-bench-theme', theme); } catch { /* A page from disk may have none. */ } };
const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
const themeButton = make('button', { type: 'button', className: 'theme' });
const showTheme = () => { themeButton.textContent = isDark() ? 'Light theme' : 'Dark theme'; };
if (['dark', 'light'].includes(read())) root.dataset.theme = read();
themeButton.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; write(root.dataset.theme); showTheme(); });
showTheme();
document.querySelector('header').append(themeButton);

const sections = [...document.querySelectorAll('[data-machine]')];
const controls = document.getElementById('history-controls');
const choice = make('select', { id: 'machine-choice' }, make('option', { value: '', textContent: 'all machines' }), ...sections.map(({ dataset }) => make('option', { value: dataset.machine, textContent: dataset.machine })));
const filter = make('input', { id: 'series-filter', type: 'search', placeholder: 'loss, shape, engine, metric' });
const found = make('output', {});
const apply = () => {
  let shown = 0;
  for (const section of sections) {
    section.hidden = choice.value !== '' && section.dataset.machine !== choice.value;
    for (const figure of section.querySelectorAll('figure')) {
      figure.hidden = ![...figure.querySelectorAll('figcaption, .last')].map(({ textContent }) => textContent).join(' ').toLowerCase().includes(filter.value.toLowerCase());
      if (!section.hidden && !figure.hidden) shown++;
    }
  }
  found.textContent = shown + ' series';
};
if (sections.length > 0) {
  controls.append(make('label', { htmlFor: choice.id, textContent: 'Machine' }), choice, make('label', { htmlFor: filter.id, textContent: 'Series' }), filter, found);
  choice.addEventListener('change', apply);
  filter.addEventListener('input', apply);
  apply();
}

const dataOf = () => JSON.parse(document.getElementById('history-data').textContent);
const listValues = (figure, place) => {
  const { runs, series } = dataOf();
  const { unit, at } = series[figure.id];
  const body = make('tbody', {}, ...valuesOf(series[figure.id]).map((value, index) => {
    const [time, commit] = runs[Array.isArray(at) ? at[index] : at + index];
    return make('tr', {}, make('th', { scope: 'row', textContent: time.slice(0, 16).replace('T', ' ') }), make('td', {}, make('code', { textContent: commit })), make('td', { className: 'n', textContent: String(Number(value.toPrecision(4))) }));
  }));
  const head = make('tr', {}, ...['run', 'commit', unit].map((textContent) => make('th', { scope: 'col', textContent })));
  const table = make('table', {}, make('caption', { textContent: 'all values' }), make('thead', {}, head), body);
  const scroll = make('div', { className: 'scroll tall', tabIndex: 0 }, table);
  scroll.setAttribute('role', 'group');
  scroll.setAttribute('aria-label', 'all values');
  place.replaceWith(scroll);
  scroll.focus();
};
for (const details of document.querySelectorAll('figure.series details')) {
  details.addEventListener('toggle', () => {
    const button = make('button', { type: 'button', textContent: 'List all values' });
    button.addEventListener('click', () => listValues(details.closest('figure'), button));
    details.append(button);
  }, { once: true });
}

const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.closest('[hidden]')) { choice.value = ''; filter.value = ''; apply(); }
  for (let details = target.closest('details'); details; details = details.parentElement.closest('details')) details.open = true;
  target.scrollIntoView();
};
addEventListener('hashchange', reveal);
reveal();
`;

/**
 * What the page does in a browser, beyond being read: choose a theme, choose a class of machines, find series, list all
 * values of one. Plain JavaScript for the page itself; it touches no network, and puts data in as text only.
 */
export const PAGE_PROGRAM: string = ["'use strict';", READ_VALUES, PROGRAM].join('\n');

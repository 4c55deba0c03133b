/** The look of the page. Colours of series stay apart for the colour-blind, and from both backgrounds by 3:1 at least. */
export const PAGE_STYLE = `
:root { color-scheme: light dark;
  --back: light-dark(#f5f5f2, #111315); --card: light-dark(#fff, #191c1f); --line: light-dark(#dcdcd6, #30353a);
  --text: light-dark(#1b1c1e, #e8e9eb); --muted: light-dark(#575b62, #a9afb6); --link: light-dark(#0b5394, #7fbfff);
  --s1: light-dark(#0b62a8, #6cb6ff); --s2: light-dark(#c04a08, #ff9357); --s3: light-dark(#007a58, #3fcf9f); --s4: light-dark(#a3417a, #ee97c8);
  --s5: light-dark(#856200, #e3b545); --s6: light-dark(#2b7fb0, #a5d8f7); --s7: light-dark(#555b61, #b7bdc4);
  --worse: var(--s2); --better: var(--s3); --changed: var(--s4);
  --bad-back: light-dark(#fbe9df, #3a2317); --good-back: light-dark(#def3ea, #12322a); --warn-back: light-dark(#f7edcf, #362d12); --dim-back: light-dark(#ececea, #26292d);
  --bad: light-dark(#8f3300, #ffb48a); --good: light-dark(#00583f, #6fe0bb); --warn: light-dark(#614700, #f0cf7c); }
:root[data-theme=light] { color-scheme: light } :root[data-theme=dark] { color-scheme: dark }
* { box-sizing: border-box }
html { scroll-behavior: smooth; scroll-padding-top: 1rem }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto } }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif }
a { color: var(--link) }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere }
.skip { position: absolute; left: -99rem } .skip:focus { left: 1rem; top: 1rem; background: var(--card); padding: .5rem 1rem }
header { display: flex; align-items: baseline; gap: .4rem 1rem; flex-wrap: wrap; padding: 1.4rem clamp(1rem, 3vw, 2.5rem) 1rem }
header h1 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.01em; margin: 0 }
header p { margin: 0; color: var(--muted) }
button, select, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .7rem }
button { cursor: pointer } .theme { margin-left: auto }
.body { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0 2rem; padding: 0 clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 100rem }
nav ul { list-style: none; margin: 0; padding: 0; position: sticky; top: 1rem; font-size: .93rem }
nav a { display: block; padding: .28rem .6rem; border-left: 2px solid var(--line); text-decoration: none; color: var(--muted) }
nav a:hover, nav a:focus { color: var(--text); border-color: var(--link) }
main > section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.4rem 1.3rem; margin-bottom: 1.2rem }
h2 { font-size: 1.2rem; font-weight: 650; letter-spacing: -.01em; margin: 0 0 .6rem } h3 { font-size: 1rem; font-weight: 600; margin: 1.4rem 0 .6rem }
section > p { margin: .2rem 0 .9rem; max-width: 46rem; color: var(--muted) }
.permalink { margin-left: .4em; text-decoration: none; font-weight: 400; opacity: 0 }
:hover > .permalink, .permalink:focus { opacity: 1 } tbody th { position: relative } tbody th > .permalink { position: absolute; right: .4rem; top: .4rem } :target { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 3px }
.verdict { border-left: 5px solid; border-radius: 6px; padding: .8rem 1.1rem; margin-bottom: 1rem; font-size: 1.05rem }
.verdict p { margin: 0 } .verdict strong { display: block; font-size: 1.35rem; letter-spacing: -.015em } .verdict details { font-size: .93rem; margin-top: .5rem }
.ok, .better { background: var(--good-back); color: var(--good) } .regression, .wrong, .worse.flag { background: var(--bad-back); color: var(--bad) }
.inconclusive, .unproven, .changed { background: var(--warn-back); color: var(--warn) } .missing.flag, .same.flag { background: var(--dim-back); color: var(--muted) }
tr.better, tr.inconclusive { background: none; color: inherit }
.quiet { color: var(--good) } .noisy { color: var(--bad) } .reasons { margin: .4rem 0; padding-left: 1.2rem }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .7rem 1.5rem; margin: 0 0 1rem } dt { font-size: .8rem; color: var(--muted) } dd { margin: 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto; margin: .4rem 0 } .tall { max-height: 20rem; overflow-y: auto }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 100% }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
th, td { text-align: left; vertical-align: top; padding: .4rem 1.1rem .4rem 0; border-bottom: 1px solid var(--line); font-weight: 400 }
thead th { font-size: .8rem; color: var(--muted); white-space: nowrap } tbody th { min-width: min(15rem, 50vw) } figure.series tbody th { min-width: 0 } tbody tr:last-child > * { border-bottom: 0 }
th.n, td.n, figure th[scope=col]:not(:first-child).n { text-align: right } td.n { white-space: nowrap }
.loss { font-weight: 550; overflow-wrap: anywhere } .sub { display: block; font-size: .82rem; color: var(--muted); overflow-wrap: anywhere }
td .sub { overflow-wrap: normal } td code, .moment { white-space: nowrap } .best { font-weight: 700 } .none { color: var(--muted) }
.tie, .flag { display: inline-block; font-size: .76rem; font-weight: 500; border-radius: 4px; padding: 0 .4em; margin-left: .3em } .tie { background: var(--dim-back); color: var(--muted) } td > .flag:first-child { margin-left: 0 }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1.4rem 1.8rem } .three { grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)) } .four { grid-template-columns: repeat(auto-fill, minmax(min(14.5rem, 100%), 1fr)); gap: 1rem 1.4rem }
figure { margin: 0; min-width: 0 } figcaption { font-size: .88rem; font-weight: 550; overflow-wrap: anywhere; margin-bottom: .3rem } figcaption .sub { font-weight: 400 } .three figcaption { min-height: 4.4em }
.plot { overflow-x: auto } .plot svg { fill: currentColor; text-anchor: middle; font: 11px system-ui, sans-serif; stroke-linecap: round; stroke-linejoin: round; display: block; max-width: 100%; height: auto } .plot text { fill: var(--muted) } .series .plot svg { width: 100% }
.series { border-top: 1px solid var(--line); padding-top: .6rem } .last { margin: 0; font-size: .85rem; color: var(--muted); font-variant-numeric: tabular-nums } .last b { font-size: 1.05rem; color: var(--text) }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; margin: .2rem 0; font-size: .82rem; color: var(--muted) } .key { margin-right: .35em }
.s1 { color: var(--s1) } .s2 { color: var(--s2) } .s3 { color: var(--s3) } .s4 { color: var(--s4) } .s5 { color: var(--s5) } .s6 { color: var(--s6) } .s7 { color: var(--s7) }
.note, .nothing { font-size: .88rem; color: var(--muted); margin: .2rem 0 } summary { cursor: pointer; font-size: .82rem; color: var(--muted) }
#history-controls { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem .8rem; margin: 1rem 0 .2rem; font-size: .9rem } #history-controls select { max-width: 26rem } #history-controls input { width: 17rem } output { color: var(--muted) }
footer { padding: 0 clamp(1rem, 3vw, 2.5rem) 2rem; color: var(--muted); font-size: .85rem }
@media (max-width: 60rem) { .body { grid-template-columns: minmax(0, 1fr) } nav ul { position: static; display: flex; flex-wrap: wrap; gap: .2rem .6rem; margin-bottom: 1rem } nav a { border-left: 0; border-bottom: 2px solid var(--line) } main > section { padding: .9rem 1rem } }
@media print { nav, .theme, #history-controls { display: none } .body { display: block } main > section { border: 0; break-inside: avoid-page } }
`;

/** The look of the report: one column of text, figures beside each other where there is room, light, dark and paper. */

/** Colours by purpose in light; figures in files of their own have these. */
export const light: Readonly<Record<string, string>> = {
  page: '#ffffff',
  ink: '#1b1c1e',
  muted: '#62656b',
  rule: '#e3e4e7',
  wash: '#f6f6f4',
  deterministic: '#1d5fa6',
  atomic: '#bb5216',
  'on-color': '#ffffff',
};

const dark: typeof light = {
  page: '#16181b',
  ink: '#e9eaec',
  muted: '#a0a4ab',
  rule: '#33363b',
  wash: '#1f2226',
  deterministic: '#7db4ef',
  atomic: '#f0975a',
  'on-color': '#16181b',
};

const variables = (colours: typeof light) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

export const style = `
:root { color-scheme: light dark; ${variables(light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(dark)} } }
@media print {
  :root { color-scheme: light; ${variables({ ...light, ink: '#000000', muted: '#444444', rule: '#cccccc', wash: '#ffffff' })} }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 4rem; max-width: 62rem; background: var(--page); color: var(--ink);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; margin: 0 0 .35rem; text-wrap: balance; }
h2 { font-size: 1.2rem; letter-spacing: -0.005em; margin: 3.25rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--rule); }
h3 { font-size: .95rem; margin: 1.75rem 0 .4rem; }
p { max-width: 44rem; margin: 0 0 .8rem; text-wrap: pretty; }
p.lead, p.note, figcaption, caption { color: var(--muted); }
p.note, figcaption, caption, footer { font-size: .86rem; line-height: 1.5; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em; }
pre { margin: .4rem 0 1rem; padding: .8rem 1rem; background: var(--wash); border: 1px solid var(--rule); border-radius: 6px;
  white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
code.hash { display: inline-block; max-width: 20ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
  vertical-align: bottom; user-select: all; -webkit-user-select: all; }
.cards, .figures { display: grid; gap: 1.25rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); }
.cards { margin: 1.5rem 0 0; }
.card { border: 1px solid var(--rule); border-top: 3px solid var(--mode); border-radius: 6px; padding: 1.1rem 1.25rem 1rem; min-width: 0; }
.card h2 { border: 0; margin: 0; padding: 0; font-size: .95rem; font-weight: 600; color: var(--mode); overflow-wrap: anywhere; }
.card .count { font-size: 2.1rem; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; margin: .35rem 0 .3rem; }
.card ol { list-style: none; margin: .9rem 0 0; padding: 0; }
.card li { display: grid; grid-template-columns: 3.4rem minmax(0, 1fr); gap: 0 .6rem; align-items: center; font-size: .86rem; padding: .3rem 0; color: var(--muted); }
.card li svg { width: 100%; height: .8rem; grid-column: 2; color: var(--mode); }
.card li code.hash { color: var(--ink); max-width: 100%; }
p.price { margin-top: 1.25rem; }
.deterministic { --mode: var(--deterministic); }
.atomic, .mixed { --mode: var(--atomic); }
figure { margin: 1rem 0 0; min-width: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; max-width: 34rem; }
figure.whole svg { max-width: none; }
figure.broad svg { max-width: 45rem; }
figure .narrow { display: none; }
figcaption { margin-top: .35rem; max-width: 44rem; }
.figures figcaption { max-width: 34rem; }
p.bar { display: flex; gap: .7rem; align-items: center; font-size: .86rem; color: var(--muted); }
p.bar span[role] { width: 12rem; height: .8rem; border-radius: 2px; }
.files { white-space: nowrap; }
.files a { color: inherit; margin-right: .7em; text-underline-offset: .15em; }
.files a:hover, .files a:focus-visible { color: var(--ink); }
.scroll:focus-visible, nav a:focus-visible { outline: 2px solid var(--deterministic); outline-offset: 2px; }
.pictures { display: grid; gap: .6rem 1rem; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); }
.pictures figure { margin: .3rem 0 0; }
.pictures img { display: block; width: 100%; height: auto; border-bottom: 3px solid var(--mode, transparent); border-radius: 3px 3px 0 0; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: 0 0 1.6rem; padding-bottom: .6rem; border-bottom: 1px solid var(--rule); font-size: .92rem; }
nav a { color: var(--muted); text-decoration: none; padding: .15rem 0; border-bottom: 2px solid transparent; }
nav a:hover, nav a:focus-visible { color: var(--ink); border-color: var(--rule); }
nav a[aria-current] { color: var(--ink); font-weight: 600; border-color: var(--ink); }
p.of { margin: 0 0 .2rem; color: var(--muted); font-size: .86rem; }
h2.model { font-size: 1.35rem; }
h4 { font-size: .9rem; margin: 1.6rem 0 .3rem; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1.4rem; margin: .8rem 0 0; font-size: .86rem; color: var(--muted); }
.key span::before { content: ""; display: inline-block; width: 1.4em; height: 0; border-top: 3px solid var(--mode); margin-right: .5em; vertical-align: .28em; }
.scroll { overflow-x: auto; margin: 1rem 0 0; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums lining-nums; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
.scroll caption > span { position: sticky; left: 0; display: inline-block; max-width: min(44rem, calc(100vw - 2rem)); }
th, td { padding: .38rem 0 .38rem 1.15rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--rule); }
th:first-child { text-align: left; padding-left: 0; font-weight: 500; }
thead th { font-weight: 500; color: var(--muted); font-size: .82rem; vertical-align: bottom; }
td.words, th.words { text-align: left; white-space: normal; min-width: 14rem; }
td code.hash { max-width: 20ch; }
.scroll + p, .scroll + .note, .figures + p { margin-top: .8rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr)); gap: 0 2rem; margin: 1rem 0 0; font-size: .9rem; }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .38rem 0; border-bottom: 1px solid var(--rule); min-width: 0; }
dt { color: var(--muted); flex: none; max-width: 65%; }
dd { margin: 0; text-align: right; min-width: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); }
@media screen and (max-width: 44rem) {
  body { padding: 1.75rem 1rem 2.5rem; }
  h1 { font-size: 1.4rem; }
  h2 { margin-top: 2.4rem; }
  figure .wide { display: none; }
  figure .narrow { display: block; }
  .pictures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  h2, h3 { break-after: avoid; }
  .card, table, dl, pre { break-inside: avoid; }
  .figures, .cards, dl { grid-template-columns: 1fr 1fr; }
  .scroll { overflow: visible; }
  .files { display: none; }
}
`;

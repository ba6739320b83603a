/**
 * From a vega-lite specification to an inline SVG. Colours are CSS variables of the page (with a fallback for the
 * picture alone), so one drawing serves light, dark and paper; nothing in it is a script or a reference outside.
 */
import type { TopLevelSpec } from 'vega-lite';

/** Colours by purpose; the page gives them their values. */
export const ink = 'var(--ink, #222)';
export const muted = 'var(--muted, #666)';
export const rule = 'var(--rule, #ddd)';

/** The colour of a mode or target: one per mode, so both charts and cards agree. */
export function colorOf(mode: string): string {
  return mode === 'deterministic' ? 'var(--deterministic, #1d5fa6)' : 'var(--atomic, #c0561a)';
}

/** Labels of numbers in thousands (k), millions (M) and so on; below 1 as they are, since m would be read as metres or millions. */
export const short = {
  labelExpr: "datum.value < 1 ? format(datum.value, '.2~g') : format(datum.value, '.3~s')",
};

export const font = 'ui-sans-serif, system-ui, sans-serif';

const config = {
  background: 'transparent',
  font,
  // The last label of an axis stands over its end, and is wider in some fonts than is counted on.
  padding: { left: 4, top: 4, right: 22, bottom: 4 },
  view: { stroke: null },
  axis: {
    labelColor: muted,
    titleColor: muted,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    domainColor: rule,
    tickColor: rule,
    gridColor: rule,
    labelFont: font,
    titleFont: font,
    tickSize: 4,
    labelPadding: 4,
  },
  axisX: { grid: false },
  title: { color: ink, fontSize: 13, fontWeight: 600, anchor: 'start', font, offset: 10 },
  text: { color: ink, font, fontSize: 12 },
} as const;

/** What a chart shows (for readers who cannot see it), its caption, and its specification without the common parts. */
export interface Chart {
  label: string;
  caption: string;
  width?: number;
  height: number;
  spec: object;
}

/**
 * What marks say of themselves, told where they are hovered over: vega has it as labels for readers that cannot see. A line or an
 * area has that of its first point alone, and axes and legends can be read; theirs go.
 */
const hovered = (svg: string) =>
  svg
    .replace(
      /<path aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:point|circle|square|bar|rect|rule|tick)[^"]*"([^>]*)\/>/g,
      '<path$2><title>$1</title></path>',
    )
    .replace(
      /<line aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:rule|tick)[^"]*"([^>]*)\/>/g,
      '<line$2><title>$1</title></line>',
    )
    .replace(/ (?:aria-[a-z]+|role)="[^"]*"/g, '');

const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** Draws a chart; `id` keeps the names inside the picture apart from those of other pictures on the page. */
export async function render(id: string, chart: Chart): Promise<string> {
  // Neither has a form that can be required.
  const [{ loader, parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const { width = 400, height } = chart;
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width,
    height,
    autosize: { type: 'fit', contains: 'padding' },
    config,
    ...chart.spec,
  } as TopLevelSpec;
  const view = new View(parse(compile(spec).spec), { renderer: 'none', loader: loader() });
  const svg = await view.toSVG();
  view.finalize();
  // vega counts gradients over all that a process draws.
  const gradients = [...new Set(svg.match(/gradient_\d+/g) ?? [])];
  return hovered(svg)
    .replace(/gradient_\d+/g, (name) => `gradient${gradients.indexOf(name)}`)
    .replace(
      /<svg[^>]*viewBox="([^"]*)"[^>]*>/,
      `<svg role="img" aria-label="${escapeText(chart.label)}" viewBox="$1">`,
    )
    .replace(/(id="|url\(#)(clip|gradient)/g, `$1${id}-$2`);
}

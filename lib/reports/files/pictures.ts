/** Figures as files of their own: SVG in the light colours of the page, PNG and PDF drawn with fonts that are always there. */
import { createRequire } from 'node:module';
import type { ResvgRenderOptions } from '@resvg/resvg-js';
import { extraPackage, lazily } from '../../lazy/index.js';
import { type Chart, font, render } from '../charts/render.js';
import { light } from '../html/style.js';
import { figurePdf } from './pdf/figure.js';

const require = createRequire(import.meta.url);
// Fonts of a package, none of the system's: the same text gives the same pixels on every machine.
const fontFiles = lazily(() =>
  ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) => require.resolve(`dejavu-fonts-ttf/ttf/${name}`)),
);
const resvg = extraPackage<typeof import('@resvg/resvg-js')>('reports', '@resvg/resvg-js');

/** Pixels for each unit of a figure, so that it stays sharp in print. */
const zoom = 2;

/** The figure as an SVG file: variables of the page become the colours they have in light, on a white ground. */
export async function standaloneSvg(chart: Chart): Promise<string> {
  const inline = await render('figure', chart);
  const [, size] = /viewBox="0 0 ([\d. ]+)"/.exec(inline)!;
  const [width, height] = size!.split(' ');
  return inline
    .replace('<svg ', `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `)
    .replace('>', `><rect width="100%" height="100%" fill="${light['page']}"/>`)
    .replaceAll(/var\(--([a-z-]+), #[0-9a-f]+\)/g, (_, name: string) => light[name]!)
    .replaceAll(font, `'DejaVu Sans', ${font}`);
}

/** A stand-alone SVG as PNG. */
export function pngOf(svg: string): Uint8Array {
  const options: ResvgRenderOptions = {
    fitTo: { mode: 'zoom', value: zoom },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
    },
  };
  const { Resvg } = resvg();
  return new Resvg(svg, options).render().asPng();
}

/** A stand-alone SVG as PDF, its text as text. */
export function pdfOf(svg: string, title: string): Promise<Uint8Array> {
  const [normal, bold] = fontFiles() as [string, string];
  return figurePdf(svg, { title, normal, bold });
}

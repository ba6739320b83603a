/**
 * A figure as PDF: the SVG that vega writes, which has a handful of elements, drawn by pdfkit. What is not known here is an error and
 * never left out. Nothing in the file is a date, so the same figure is the same bytes.
 */
import { extraPackage } from '../../../lazy/index.js';
import type { PdfDocument, PdfKit } from './pdfkit.js';
import { type Attributes, attributesIn, plain, styleOf } from './style.js';

const pdfkit = extraPackage<PdfKit>('reports', 'pdfkit');

const named: Readonly<Record<string, string>> = { white: '#ffffff', black: '#000000' };

/** A colour as pdfkit takes it; undefined for none. */
function colourOf(word: string): string | undefined {
  if (word === 'none' || word === 'transparent') return undefined;
  const text = (named[word] ?? word).replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3');
  if (/^#[0-9a-f]{6}$/i.test(text)) return text;
  const [, ...parts] = /^rgb\((\d+), *(\d+), *(\d+)\)$/.exec(text) ?? [];
  if (parts.length === 3) return `#${parts.map((one) => Number(one).toString(16).padStart(2, '0')).join('')}`;
  throw new Error(`a figure has the colour ${word}`);
}

const caps = ['butt', 'round', 'square'];
const joins = ['miter', 'round', 'bevel'];

/** A part of a length that may be told in per cent. */
const partOf = (word = '0', whole: number) =>
  word.endsWith('%') ? (Number(word.slice(0, -1)) / 100) * whole : Number(word);

interface Size {
  width: number;
  height: number;
}

/** A shape as the path of an SVG. */
function pathOf(name: string, own: Attributes, { width, height }: Size): string {
  const { x = '0', y = '0', x1 = '0', y1 = '0', x2 = '0', y2 = '0' } = own;
  if (name === 'path') return own['d'] ?? '';
  if (name === 'line') return `M${x1},${y1}L${x2},${y2}`;
  if (name !== 'rect') throw new Error(`a figure has <${name}>`);
  const [wide, high] = [partOf(own['width'], width), partOf(own['height'], height)];
  return `M${x},${y}h${wide}v${high}h${-wide}Z`;
}

class Page {
  readonly #clips = new Map<string, string>();
  readonly #gradients = new Map<string, { ends: Attributes; stops: Attributes[] }>();

  constructor(
    private readonly document: PdfDocument,
    private readonly size: Size,
  ) {}

  /** Draws what stands in a text of SVG. */
  draw(svg: string): void {
    const stack: { name: string; style: Attributes; drawn: boolean }[] = [];
    this.#readDefinitions(svg);
    let line = { x: 0, y: 0 };
    for (const [, end, name, given, closed, text] of svg.matchAll(
      /<(\/?)(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g,
    )) {
      const above = stack.at(-1);
      if (text !== undefined) {
        if (above?.drawn && ['text', 'tspan'].includes(above.name))
          line = { ...line, x: this.#text(plain(text), above.style, line) };
        continue;
      }
      if (end) {
        const { name: ended, drawn } = stack.pop()!;
        if (drawn && ['g', 'text'].includes(ended)) this.document.restore();
        continue;
      }
      const own = attributesIn(given!);
      const style = styleOf(own, above?.style ?? {});
      // What a mark says where it is hovered over is for screens.
      const silent = own['display'] === 'none' || name === 'defs' || name === 'title';
      const drawn = !silent && (above?.drawn ?? true);
      if (drawn && name === 'g') this.#open(own);
      else if (drawn && name === 'text') {
        this.#open(own);
        line = { x: Number(own['x'] ?? 0), y: Number(own['y'] ?? 0) };
      } else if (name === 'tspan') {
        line = { x: Number(own['x'] ?? line.x) + Number(own['dx'] ?? 0), y: line.y + Number(own['dy'] ?? 0) };
      } else if (drawn && name !== 'svg') this.#shape(name!, own, style);
      if (!closed) stack.push({ name: name!, style, drawn });
      else if (drawn && ['g', 'text'].includes(name!)) this.document.restore();
    }
  }

  /** What clip paths cut out, and gradients; vega writes them behind what has them. */
  #readDefinitions(svg: string): void {
    const inside = (inner: string) => [...inner.matchAll(/<(\w+)((?:\s+[\w:-]+="[^"]*")*)/g)];
    for (const [, id, inner] of svg.matchAll(/<clipPath id="([^"]*)">(.*?)<\/clipPath>/gs))
      this.#clips.set(
        id!,
        inside(inner!)
          .map(([, name, own]) => pathOf(name!, attributesIn(own!), this.size))
          .join(''),
      );
    for (const [, given, inner] of svg.matchAll(/<linearGradient((?:\s+[\w:-]+="[^"]*")*)>(.*?)<\/linearGradient>/gs)) {
      const ends = attributesIn(given!);
      this.#gradients.set(ends['id']!, { ends, stops: inside(inner!).map(([, , own]) => attributesIn(own!)) });
    }
  }

  #open({ transform = '', 'clip-path': clip }: Attributes): void {
    this.document.save();
    for (const [whole, name, given] of transform.matchAll(/(\w+)\(([^)]*)\)/g)) {
      const [a = 0, b = 0, ...more] = given!.split(/[ ,]+/).map(Number);
      if (more.length > 0) throw new Error(`a figure has the transform ${whole}`);
      if (name === 'translate') this.document.translate(a, b);
      else if (name === 'scale') this.document.scale(a, b || a);
      else if (name === 'rotate') this.document.rotate(a);
      else throw new Error(`a figure has the transform ${whole}`);
    }
    const [, id] = /^url\(#(.*)\)$/.exec(clip ?? '') ?? [];
    if (id !== undefined) this.document.path(this.#clips.get(id)!).clip();
  }

  /** A colour, or a gradient over a shape of this size. */
  #fillOf(word: string, own: Attributes): unknown {
    const [, id] = /^url\(#(.*)\)$/.exec(word) ?? [];
    const found = id === undefined ? undefined : this.#gradients.get(id);
    if (found === undefined) return colourOf(word);
    const [, x = 0, y = 0, wide, high] = (
      /^M(-?[\d.]+),(-?[\d.]+)h(-?[\d.]+)v(-?[\d.]+)/.exec(own['d'] ?? '') ?? []
    ).map(Number);
    if (wide === undefined || high === undefined)
      throw new Error('a figure has a gradient on another shape than a rectangle');
    const at = (name: string, from: number, length: number) => from + Number(found.ends[name] ?? 0) * length;
    const gradient = this.document.linearGradient(
      at('x1', x, wide),
      at('y1', y, high),
      at('x2', x, wide),
      at('y2', y, high),
    );
    for (const stop of found.stops) gradient.stop(Number(stop['offset']), colourOf(stop['stop-color']!)!);
    return gradient;
  }

  #shape(name: string, own: Attributes, style: Attributes): void {
    const path = pathOf(name, own, this.size);
    const opacity = Number(style['opacity'] ?? 1);
    const fill = name === 'line' ? undefined : this.#fillOf(style['fill'] ?? 'black', own);
    const stroke = colourOf(style['stroke'] ?? 'none');
    const [filled, stroked] = ['fill-opacity', 'stroke-opacity'].map((key) => Number(style[key] ?? 1) * opacity) as [
      number,
      number,
    ];
    if (path === '' || opacity === 0 || (fill === undefined && stroke === undefined)) return;
    const { document } = this;
    this.#open(own);
    document.fillOpacity(filled).strokeOpacity(stroked);
    if (fill !== undefined) document.fillColor(fill);
    if (stroke !== undefined) {
      const dash = (style['stroke-dasharray'] ?? '').split(/[ ,]+/).filter(Boolean).map(Number);
      document
        .strokeColor(stroke)
        .lineWidth(Number(style['stroke-width'] ?? 1))
        .miterLimit(Number(style['stroke-miterlimit'] ?? 4))
        .lineCap(caps.indexOf(style['stroke-linecap'] ?? 'butt'))
        .lineJoin(joins.indexOf(style['stroke-linejoin'] ?? 'miter'));
      if (dash.length > 0) document.dash(dash, { phase: Number(style['stroke-dashoffset'] ?? 0) });
    }
    document.path(path);
    if (fill !== undefined && stroke !== undefined) document.fillAndStroke();
    else if (fill !== undefined) document.fill();
    else document.stroke();
    document.restore();
  }

  /** Draws one line of text; where the next would go on. */
  #text(text: string, style: Attributes, { x, y }: { x: number; y: number }): number {
    const isBold = style['font-weight'] === 'bold' || Number(style['font-weight'] ?? 400) >= 600;
    const { document } = this;
    document.font(isBold ? 'bold' : 'normal').fontSize(Number.parseFloat(style['font-size'] ?? '16'));
    const wide = document.widthOfString(text);
    const left = x - { start: 0, middle: wide / 2, end: wide }[style['text-anchor'] ?? 'start']!;
    const colour = colourOf(style['fill'] ?? 'black');
    const opacity = Number(style['fill-opacity'] ?? 1) * Number(style['opacity'] ?? 1);
    if (colour !== undefined && opacity > 0)
      document.fillColor(colour).fillOpacity(opacity).text(text, left, y, { lineBreak: false, baseline: 'alphabetic' });
    return x + wide;
  }
}

/** A stand-alone SVG of vega as a PDF of one page, a point a unit. Rejects for what it does not know. */
export async function figurePdf(
  svg: string,
  { title, normal, bold }: { title: string; normal: string; bold: string },
): Promise<Buffer> {
  const [, box] = /viewBox="0 0 ([\d. ]+)"/.exec(svg)!;
  const [width, height] = box!.split(' ').map(Number) as [number, number];
  const PdfDocument = pdfkit();
  // The number of the file is made of what it is told here; a date that is always the same is taken out again.
  const info = { Title: title, Producer: 'samebits', Creator: 'samebits', CreationDate: new Date(0) };
  const document = new PdfDocument({ size: [width, height], margin: 0, pdfVersion: '1.7', info });
  delete document.info['CreationDate'];
  // The same once more as XML, which wants the date and takes the title as it is, whatever characters it has.
  document.endMetadata = () => {};
  document.registerFont('normal', normal).registerFont('bold', bold);
  const parts: Buffer[] = [];
  const ended = new Promise((resolve, reject) => document.on('end', resolve).on('error', reject));
  document.on('data', (part: Buffer) => parts.push(part));
  new Page(document, { width, height }).draw(svg);
  document.end();
  await ended;
  return Buffer.concat(parts);
}

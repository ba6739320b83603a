/**
 * A figure as PDF: the SVG that vega writes, which has a handful of elements, as the operators of a page. What it does not know is an
 * error and never left out.
 */
import { PdfFile, reference, textString } from './document.js';
import { UsedFont } from './fonts.js';
import { number, pathOperators } from './path.js';
import type { TrueType } from './truetype.js';

type Attributes = Readonly<Record<string, string>>;

/** What an element has from those around it. */
const inherited = [
  ...['fill', 'fill-opacity', 'stroke', 'stroke-opacity', 'stroke-width', 'stroke-miterlimit', 'stroke-dasharray'],
  ...[
    'stroke-dashoffset',
    'stroke-linecap',
    'stroke-linejoin',
    'font-size',
    'font-weight',
    'font-family',
    'text-anchor',
    'opacity',
  ],
];
/** Attributes that draw nothing. */
const silent =
  /^(?:class|role|aria-.*|pointer-events|display|id|d|x|y|x1|y1|x2|y2|dx|dy|width|height|transform|viewBox|xmlns|clip-path|style|cursor)$/;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (text: string) =>
  text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, ten, sixteen, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    return String.fromCodePoint(ten === undefined ? Number.parseInt(sixteen, 16) : Number(ten));
  });

const named: Readonly<Record<string, string>> = { white: '#ffffff', black: '#000000' };

/** A colour's three parts from 0 to 1; undefined for none. */
function colourOf(word: string): readonly number[] | undefined {
  if (word === 'none' || word === 'transparent') return undefined;
  const text = named[word] ?? word;
  const long = text.replace(/^#([0-9a-f])([0-9a-f])([0-9a-f])$/i, '#$1$1$2$2$3$3');
  const [, hex] = /^#([0-9a-f]{6})$/i.exec(long) ?? [];
  if (hex !== undefined) return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [, ...parts] = /^rgb\((\d+), *(\d+), *(\d+)\)$/.exec(text) ?? [];
  if (parts.length === 3) return parts.map((one) => Number(one) / 255);
  throw new Error(`a figure has the colour ${word}`);
}

/** Matrices of a transform, from the outermost in. */
function matricesOf(transform = ''): string[] {
  return [...transform.matchAll(/(\w+)\(([^)]*)\)/g)].map(([whole, name, given]) => {
    const [a = 0, b = 0, ...more] = given!.split(/[ ,]+/).map(Number);
    if (more.length > 0) throw new Error(`a figure has the transform ${whole}`);
    if (name === 'translate') return `1 0 0 1 ${number(a)} ${number(b)} cm`;
    if (name === 'scale') return `${number(a)} 0 0 ${number(b || a)} 0 0 cm`;
    if (name !== 'rotate') throw new Error(`a figure has the transform ${whole}`);
    const [cos, sin] = [Math.cos((a * Math.PI) / 180), Math.sin((a * Math.PI) / 180)];
    return `${number(cos)} ${number(sin)} ${number(-sin)} ${number(cos)} 0 0 cm`;
  });
}

const rectangle = ({ x = '0', y = '0', width = '0', height = '0' }: Attributes) =>
  `${[x, y, width, height].map((one) => number(Number(one))).join(' ')} re`;

const caps: Readonly<Record<string, number>> = { butt: 0, round: 1, square: 2 };
const joins: Readonly<Record<string, number>> = { miter: 0, round: 1, bevel: 2 };

const attributesIn = (text: string): Attributes =>
  Object.fromEntries([...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]));

class Page {
  readonly operators: string[] = [];
  /** Opacities of fill and stroke that are used, by their names. */
  readonly states = new Map<string, string>();
  readonly #clips = new Map<string, string[]>();

  constructor(readonly fonts: { normal: UsedFont; bold: UsedFont }) {}

  /** Draws what stands in a text of SVG. */
  draw(svg: string, size: { width: number; height: number }): void {
    const stack: { name: string; style: Attributes; drawn: boolean }[] = [];
    this.#readClips(svg, size);
    let line = { x: 0, y: 0 };
    for (const [, end, name, given, closed, text] of svg.matchAll(
      /<(\/?)(\w+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/g,
    )) {
      const above = stack.at(-1);
      if (text !== undefined) {
        if (above?.drawn && ['text', 'tspan'].includes(above.name))
          line = { ...line, ...this.#text(plain(text), above.style, line) };
        continue;
      }
      if (end) {
        if (stack.pop()!.drawn && name === 'g') this.operators.push('Q');
        if (above?.drawn && name === 'text') this.operators.push('Q');
        continue;
      }
      const own = attributesIn(given!);
      const style = styleOf(own, above?.style ?? {});
      const drawn = own['display'] !== 'none' && name !== 'defs' && (above?.drawn ?? true);
      if (drawn && name === 'g') this.#open(own);
      else if (drawn && name === 'text') {
        this.#open(own);
        line = { x: Number(own['x'] ?? 0), y: Number(own['y'] ?? 0) };
      } else if (name === 'tspan') {
        line = { x: Number(own['x'] ?? line.x) + Number(own['dx'] ?? 0), y: line.y + Number(own['dy'] ?? 0) };
      } else if (drawn && name !== 'svg') this.#shape(name!, own, style, size);
      if (!closed) stack.push({ name: name!, style, drawn });
      else if (drawn && ['g', 'text'].includes(name!)) this.operators.push('Q');
    }
  }

  /** What clip paths cut out; vega writes them behind what they cut. */
  #readClips(svg: string, size: { width: number; height: number }): void {
    for (const [, id, inner] of svg.matchAll(/<clipPath id="([^"]*)">(.*?)<\/clipPath>/gs)) {
      const shapes = [...inner!.matchAll(/<(\w+)((?:\s+[\w:-]+="[^"]*")*)/g)];
      this.#clips.set(
        id!,
        shapes.flatMap(([, name, given]) => shapeOf(name!, attributesIn(given!), size)),
      );
    }
  }

  #put(operators: readonly string[]): void {
    for (const one of operators) this.operators.push(one);
  }

  #open({ transform, 'clip-path': clip }: Attributes): void {
    this.#put(['q', ...matricesOf(transform)]);
    const [, id] = /^url\(#(.*)\)$/.exec(clip ?? '') ?? [];
    if (id !== undefined) this.#put([...this.#clips.get(id)!, 'W n']);
  }

  /** Sets colours and opacities; returns the operator that paints with them. */
  #paint(style: Attributes): string | undefined {
    const opacity = Number(style['opacity'] ?? 1);
    const fill = colourOf(style['fill'] ?? 'black');
    const stroke = colourOf(style['stroke'] ?? 'none');
    const [ca, CA] = [Number(style['fill-opacity'] ?? 1) * opacity, Number(style['stroke-opacity'] ?? 1) * opacity];
    if (fill === undefined && stroke === undefined) return undefined;
    if (ca < 1 || CA < 1) {
      const words = `<< /ca ${number(ca)} /CA ${number(CA)} >>`;
      const name = this.states.get(words) ?? `G${this.states.size}`;
      this.states.set(words, name);
      this.operators.push(`/${name} gs`);
    }
    if (fill !== undefined) this.operators.push(`${fill.map(number).join(' ')} rg`);
    if (stroke === undefined) return 'f';
    const dash = (style['stroke-dasharray'] ?? '').split(/[ ,]+/).filter(Boolean);
    this.operators.push(
      `${stroke.map(number).join(' ')} RG`,
      `${number(Number(style['stroke-width'] ?? 1))} w`,
      `${number(Number(style['stroke-miterlimit'] ?? 4))} M`,
      `${caps[style['stroke-linecap'] ?? 'butt']} J ${joins[style['stroke-linejoin'] ?? 'miter']} j`,
      `[${dash.map(Number).map(number).join(' ')}] ${number(Number(style['stroke-dashoffset'] ?? 0))} d`,
    );
    return fill === undefined ? 'S' : 'B';
  }

  #shape(name: string, own: Attributes, style: Attributes, size: { width: number; height: number }): void {
    const shape = shapeOf(name, own, size);
    if (shape.length === 0) return;
    this.#open(own);
    const painter = this.#paint(style);
    if (painter !== undefined) this.#put([...shape, name === 'line' ? 'S' : painter]);
    this.operators.push('Q');
  }

  /** Draws one line of text; where the next would go on. */
  #text(text: string, style: Attributes, { x, y }: { x: number; y: number }): { x: number } {
    const size = Number.parseFloat(style['font-size'] ?? '16');
    const isBold = style['font-weight'] === 'bold' || Number(style['font-weight'] ?? 400) >= 600;
    const font = isBold ? this.fonts.bold : this.fonts.normal;
    const { glyphs, width } = font.write(text);
    const wide = (width * size) / 1000;
    const left = x - { start: 0, middle: wide / 2, end: wide }[style['text-anchor'] ?? 'start']!;
    if (this.#paint({ ...style, stroke: 'none' }) !== undefined)
      this.operators.push(
        `BT /${font.name} ${number(size)} Tf 1 0 0 -1 ${number(left)} ${number(y)} Tm <${glyphs}> Tj ET`,
      );
    return { x: x + wide };
  }
}

/** An element's own words before those around it. */
function styleOf(own: Attributes, above: Attributes): Attributes {
  const written = Object.fromEntries(
    (own['style'] ?? '').split(';').flatMap((one) => {
      const [key, value] = one.split(':').map((word) => word.trim());
      return key && value ? [[key, value]] : [];
    }),
  );
  const all = { ...own, ...written };
  const odd = Object.keys(all).find((key) => !inherited.includes(key) && !silent.test(key));
  if (odd !== undefined) throw new Error(`a figure has ${odd}="${all[odd]}"`);
  const style = Object.fromEntries(
    inherited.flatMap((key) => ((all[key] ?? above[key]) ? [[key, (all[key] ?? above[key])!]] : [])),
  );
  const opacity = Number(all['opacity'] ?? 1) * Number(above['opacity'] ?? 1);
  return { ...style, opacity: String(opacity) };
}

function shapeOf(name: string, own: Attributes, { width, height }: { width: number; height: number }): string[] {
  switch (name) {
    case 'path':
      return pathOperators(own['d'] ?? '');
    case 'line':
      return pathOperators(`M${own['x1'] ?? 0},${own['y1'] ?? 0}L${own['x2'] ?? 0},${own['y2'] ?? 0}`);
    case 'rect': {
      const of = (word = '0', whole: number) => (word === '100%' ? String(whole) : word);
      return [rectangle({ ...own, width: of(own['width'], width), height: of(own['height'], height) })];
    }
    default:
      throw new Error(`a figure has <${name}>`);
  }
}

/** A stand-alone SVG of vega as a PDF of one page, a point a unit. Throws for what it does not know. */
export function figurePdf(
  svg: string,
  { title, normal, bold }: { title: string; normal: TrueType; bold: TrueType },
): Buffer {
  const [, box] = /viewBox="0 0 ([\d. ]+)"/.exec(svg)!;
  const [width, height] = box!.split(' ').map(Number) as [number, number];
  const page = new Page({ normal: new UsedFont('DejaVuSans', normal), bold: new UsedFont('DejaVuSans-Bold', bold) });
  page.draw(svg, { width, height });
  const file = new PdfFile();
  const content = file.stream(Buffer.from([`1 0 0 -1 0 ${number(height)} cm`, ...page.operators].join('\n')));
  const fonts = Object.values(page.fonts)
    .filter(({ isUsed }) => isUsed)
    .map((font) => `/${font.name} ${reference(font.addTo(file))}`);
  const states = [...page.states].map(([words, name]) => `/${name} ${words}`);
  const resources = `<< /Font << ${fonts.join(' ')} >> /ExtGState << ${states.join(' ')} >> >>`;
  // The page names its parent, and the parent its page: their numbers are the next two.
  const parent = content + fonts.length * 5 + 2;
  const own = file.add(
    `<< /Type /Page /Parent ${reference(parent)} /MediaBox [0 0 ${number(width)} ${number(height)}] /Resources ${resources} /Contents ${reference(content)} >>`,
  );
  const pages = file.add(`<< /Type /Pages /Kids [${reference(own)}] /Count 1 >>`);
  if (pages !== parent) throw new Error(`a page has the parent ${pages}`);
  const root = file.add(`<< /Type /Catalog /Pages ${reference(pages)} >>`);
  return file.bytes(root, file.add(`<< /Title ${textString(title)} /Producer ${textString('samebits')} >>`));
}

/** What an element of a figure's SVG says of how it is drawn: its own words, and those of the elements around it. */

export type Attributes = Readonly<Record<string, string>>;

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
  /^(?:class|role|aria-.*|pointer-events|display|id|d|x|y|x1|y1|x2|y2|dx|dy|width|height|transform|viewBox|xmlns|clip-path|style|cursor|gradientUnits|offset|stop-color)$/;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** A text of SVG with the characters that its entities stand for. */
export const plain = (text: string) =>
  text.replaceAll(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, ten, sixteen, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    return String.fromCodePoint(ten === undefined ? Number.parseInt(sixteen, 16) : Number(ten));
  });

export const attributesIn = (text: string): Attributes =>
  Object.fromEntries([...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key!, plain(value!)]));

/** An element's own words before those around it. */
export function styleOf(own: Attributes, above: Attributes): Attributes {
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

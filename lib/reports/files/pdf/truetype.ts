/** A TrueType font, as far as a PDF needs it: glyphs of characters, their widths, and the font with the used glyphs alone. */

const tableNames = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep'];

/** Flags of a part of a composite glyph (OpenType specification, glyf). */
const part = { wideArguments: 0x1, scale: 0x8, more: 0x20, twoScales: 0x40, matrix: 0x80 };

export class TrueType {
  readonly #tables = new Map<string, Buffer>();
  readonly #groups: readonly (readonly [from: number, to: number, glyph: number])[];
  readonly #places: readonly number[];
  readonly #perEm: number;

  constructor(bytes: Buffer) {
    for (let i = 0; i < bytes.readUInt16BE(4); i += 1) {
      const at = 12 + 16 * i;
      const offset = bytes.readUInt32BE(at + 8);
      this.#tables.set(
        bytes.toString('latin1', at, at + 4),
        bytes.subarray(offset, offset + bytes.readUInt32BE(at + 12)),
      );
    }
    const head = this.#table('head');
    const loca = this.#table('loca');
    const long = head.readInt16BE(50) === 1;
    const glyphs = this.#table('maxp').readUInt16BE(4);
    this.#perEm = head.readUInt16BE(18);
    this.#places = Array.from({ length: glyphs + 1 }, (_, i) =>
      long ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i),
    );
    this.#groups = this.#readGroups();
  }

  #table(name: string): Buffer {
    const found = this.#tables.get(name);
    if (found === undefined) throw new Error(`the font has no table ${name}`);
    return found;
  }

  /** The characters of the font by ranges, of its segmented map of all of Unicode (format 12). */
  #readGroups(): (readonly [number, number, number])[] {
    const map = this.#table('cmap');
    for (let i = 0; i < map.readUInt16BE(2); i += 1) {
      const at = map.readUInt32BE(4 + 8 * i + 4);
      if (map.readUInt16BE(at) !== 12) continue;
      return Array.from({ length: map.readUInt32BE(at + 12) }, (_, k) => {
        const group = at + 16 + 12 * k;
        return [map.readUInt32BE(group), map.readUInt32BE(group + 4), map.readUInt32BE(group + 8)] as const;
      });
    }
    throw new Error('the font has no map of all of Unicode');
  }

  /** The glyph of a character, 0 for one that the font does not have. */
  glyphOf(character: number): number {
    const group = this.#groups.find(([from, to]) => from <= character && character <= to);
    return group === undefined ? 0 : group[2] + character - group[0];
  }

  #scaled = (units: number) => (units * 1000) / this.#perEm;

  /** How far the next glyph is, in thousandths of the font's size. */
  widthOf(glyph: number): number {
    const count = this.#table('hhea').readUInt16BE(34);
    return this.#scaled(this.#table('hmtx').readUInt16BE(4 * Math.min(glyph, count - 1)));
  }

  /** Height, depth and box of the font in thousandths of its size. */
  get metrics() {
    const [head, hhea] = [this.#table('head'), this.#table('hhea')];
    const box = [36, 38, 40, 42].map((at) => Math.round(this.#scaled(head.readInt16BE(at))));
    return { ascent: this.#scaled(hhea.readInt16BE(4)), descent: this.#scaled(hhea.readInt16BE(6)), box };
  }

  #outline = (glyph: number): Buffer => this.#table('glyf').subarray(this.#places[glyph]!, this.#places[glyph + 1]!);

  /** The glyphs that a composite one is made of. */
  #partsOf(glyph: number): number[] {
    const outline = this.#outline(glyph);
    if (outline.length === 0 || outline.readInt16BE(0) >= 0) return [];
    const parts: number[] = [];
    let flags = part.more;
    for (let at = 10; flags & part.more; ) {
      flags = outline.readUInt16BE(at);
      parts.push(outline.readUInt16BE(at + 2));
      at += flags & part.wideArguments ? 8 : 6;
      at += flags & part.scale ? 2 : flags & part.twoScales ? 4 : flags & part.matrix ? 8 : 0;
    }
    return parts;
  }

  /** The font as a file with these glyphs, what they are made of, and the one for what is missing; numbers of glyphs stay. */
  subset(glyphs: Iterable<number>): Buffer {
    const used = new Set([0, ...glyphs]);
    // A set gives also what is added while it is walked.
    for (const glyph of used) for (const one of this.#partsOf(glyph)) used.add(one);
    const outlines = this.#places
      .slice(1)
      .map((_, glyph) => (used.has(glyph) ? this.#outline(glyph) : Buffer.alloc(0)));
    const padded = outlines.map((outline) => Buffer.concat([outline, Buffer.alloc(-outline.length & 3)]));
    const loca = Buffer.alloc(4 * (padded.length + 1));
    let end = 0;
    for (const [glyph, { length }] of padded.entries()) {
      end += length;
      loca.writeUInt32BE(end, 4 * (glyph + 1));
    }
    const head = Buffer.from(this.#table('head'));
    head.writeInt16BE(1, 50);
    const hmtx = Buffer.from(this.#table('hmtx'));
    const metrics = this.#table('hhea').readUInt16BE(34);
    for (let glyph = 0; glyph < metrics; glyph += 1) if (!used.has(glyph)) hmtx.writeUInt32BE(0, 4 * glyph);
    return fileOf(
      new Map([...this.#tables, ['glyf', Buffer.concat(padded)], ['loca', loca], ['head', head], ['hmtx', hmtx]]),
    );
  }
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0;
  return sum;
}

/** A font file of the tables that a PDF needs. */
function fileOf(tables: ReadonlyMap<string, Buffer>): Buffer {
  const own = tableNames.flatMap((name) => {
    const bytes = tables.get(name);
    return bytes === undefined
      ? []
      : [{ name, bytes, padded: Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]) }];
  });
  const power = 2 ** Math.floor(Math.log2(own.length));
  const header = Buffer.alloc(12 + 16 * own.length);
  header.writeUInt32BE(0x00010000, 0);
  const search = [own.length, power * 16, Math.log2(power), (own.length - power) * 16];
  for (const [i, value] of search.entries()) header.writeUInt16BE(value, 4 + 2 * i);
  let offset = header.length;
  for (const [i, { name, bytes, padded }] of own.entries()) {
    const at = 12 + 16 * i;
    header.write(name, at, 'latin1');
    for (const [k, value] of [checksum(padded), offset, bytes.length].entries())
      header.writeUInt32BE(value, at + 4 + 4 * k);
    offset += padded.length;
  }
  return Buffer.concat([header, ...own.map(({ padded }) => padded)]);
}

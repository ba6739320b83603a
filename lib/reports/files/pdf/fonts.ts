/** The fonts of a PDF: each embedded with the glyphs that are used, and with what they mean, so that text can be found and copied. */
import { type PdfFile, reference, textString } from './document.js';
import { number } from './path.js';
import type { TrueType } from './truetype.js';

const hex = (value: number) => value.toString(16).padStart(4, '0');

export class UsedFont {
  /** Glyphs and their characters. */
  readonly #used = new Map<number, string>();

  constructor(
    readonly name: string,
    readonly font: TrueType,
  ) {}

  /** A text as glyphs in hex, and its width in thousandths of its size. */
  write(text: string): { glyphs: string; width: number } {
    const glyphs = Array.from(text, (character) => {
      const glyph = this.font.glyphOf(character.codePointAt(0)!);
      this.#used.set(glyph, character);
      return glyph;
    });
    return {
      glyphs: glyphs.map(hex).join(''),
      width: glyphs.reduce((sum, glyph) => sum + this.font.widthOf(glyph), 0),
    };
  }

  get isUsed(): boolean {
    return this.#used.size > 0;
  }

  /** What tells the characters of glyphs. */
  #meaning(): string {
    const rows = [...this.#used].map(([glyph, character]) => `<${hex(glyph)}> <${textString(character).slice(5, -1)}>`);
    const blocks: string[] = [];
    for (let i = 0; i < rows.length; i += 100) {
      const own = rows.slice(i, i + 100);
      blocks.push(`${own.length} beginbfchar\n${own.join('\n')}\nendbfchar`);
    }
    return [
      '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
      '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
      '/CMapName /Adobe-Identity-UCS def /CMapType 2 def',
      '1 begincodespacerange <0000> <ffff> endcodespacerange',
      ...blocks,
      'endcmap CMapName currentdict /CMap defineresource pop end end',
    ].join('\n');
  }

  /** Adds the font to a file and returns its object. */
  addTo(file: PdfFile): number {
    const { name, font } = this;
    const glyphs = [...this.#used.keys()].sort((a, b) => a - b);
    const { ascent, descent, box } = font.metrics;
    const bytes = font.subset(glyphs);
    const data = file.stream(bytes, `/Length1 ${bytes.length} `);
    const base = `/${'SAMEBT'}+${name}`;
    const descriptor = file.add(
      `<< /Type /FontDescriptor /FontName ${base} /Flags 4 /FontBBox [${box.join(' ')}] /ItalicAngle 0 /Ascent ${number(ascent)} /Descent ${number(descent)} /CapHeight ${number(ascent)} /StemV 80 /FontFile2 ${reference(data)} >>`,
    );
    const widths = glyphs.map((glyph) => `${glyph} [${number(font.widthOf(glyph))}]`).join(' ');
    const inner = file.add(
      `<< /Type /Font /Subtype /CIDFontType2 /BaseFont ${base} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor ${reference(descriptor)} /CIDToGIDMap /Identity /W [${widths}] >>`,
    );
    const meaning = file.stream(Buffer.from(this.#meaning()));
    return file.add(
      `<< /Type /Font /Subtype /Type0 /BaseFont ${base} /Encoding /Identity-H /DescendantFonts [${reference(inner)}] /ToUnicode ${reference(meaning)} >>`,
    );
  }
}

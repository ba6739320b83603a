/** A PDF file of one page: its objects, and where each of them lies. Nothing in it is a date, so the same figure is the same bytes. */
import { deflateSync } from 'node:zlib';

/** A reference to an object. */
export const reference = (index: number): string => `${index} 0 R`;

/** A text as PDF has it in its own words. */
export const textString = (text: string): string => {
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return `<${utf16.toString('hex')}>`;
};

export class PdfFile {
  readonly #objects: Buffer[] = [];

  /** Adds an object and returns its number. */
  add(text: string): number {
    return this.#objects.push(Buffer.from(text, 'latin1'));
  }

  /** Adds a stream, packed. */
  stream(bytes: Uint8Array, words = ''): number {
    const packed = deflateSync(bytes, { level: 9 });
    const head = `<< /Length ${packed.length} /Filter /FlateDecode ${words}>>\nstream\n`;
    return this.#objects.push(Buffer.concat([Buffer.from(head, 'latin1'), packed, Buffer.from('\nendstream')]));
  }

  /** The file, whose root and description are these objects. */
  bytes(root: number, info: number): Buffer {
    // The bytes above 127 tell those who look that this is no text.
    const parts = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
    const places: number[] = [];
    let at = parts[0]!.length;
    for (const [i, object] of this.#objects.entries()) {
      const whole = Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
      places.push(at);
      parts.push(whole);
      at += whole.length;
    }
    const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`);
    const count = places.length + 1;
    const trailer = `trailer\n<< /Size ${count} /Root ${reference(root)} /Info ${reference(info)} >>\nstartxref\n${at}\n%%EOF\n`;
    return Buffer.concat([...parts, Buffer.from(`xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}${trailer}`)]);
  }
}

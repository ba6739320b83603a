/** Which format bytes are in, by their first bytes: only these formats ever reach the decoder. */

/** How files of each format begin, in Latin-1; what stands at `after.at` has to follow. */
const starts: readonly { format: string; start: string; after?: { at: number; text: string } }[] = [
  { format: 'jpeg', start: '\xff\xd8\xff' },
  { format: 'png', start: '\x89PNG\r\n\x1a\n' },
  { format: 'gif', start: 'GIF87a' },
  { format: 'gif', start: 'GIF89a' },
  { format: 'webp', start: 'RIFF', after: { at: 8, text: 'WEBP' } },
];

/** The formats in the order of the table. */
export const formats: readonly string[] = [...new Set(starts.map(({ format }) => format))];

/** The format of a picture file's bytes; undefined for every other one, such as SVG, TIFF or PDF. */
export function formatOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const fits = ({ start, after }: (typeof starts)[number]) =>
    head.startsWith(start) && (after === undefined || head.startsWith(after.text, after.at));
  return starts.find(fits)?.format;
}

// Counts of the user's size (classes, samples, places) do not fit 8 or 16 bits, and an array of these keeps a number mod 256
// or 65536 without a word. So every such array in lib is listed here, with what it keeps.

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesUnder, text } from './sources.js';

/** Arrays of 8 or 16 bits: file, and how each is made. */
const kept: Record<string, readonly string[]> = {
  // Bytes of values, for hashes and files.
  'lib/trace/bytes.ts': ['new Uint8Array(data.buffer, data.byteOffset, data.byteLength)', 'Uint8Array.from(bytes)'],
  'lib/exchange/optimizer_state.ts': ['Uint8Array.from(bytes)'],
  'lib/formats/arrays.ts': ['upper.setUint16(0, word)'],
  'lib/formats/npy.ts': [
    ...['Uint8Array.from(bytes)', 'new Uint8Array(bytes.length)'],
    // A version of two digits, and the length of a header that has at most 32 axes and a name of three letters.
    ...['head.writeUInt8(1, 6)', 'head.writeUInt8(0, 7)', 'head.writeUInt16LE(padded, 8)'],
  ],
  'lib/formats/tensor_reader.ts': ['new Uint8Array(into.buffer, into.byteOffset, into.byteLength)'],
  'lib/formats/zip.ts': ['new Uint8Array(size)'],
  'lib/tasks/own_dataset.ts': ['new Uint8Array(size)', 'new Uint8Array(buffer, byteOffset, byteLength)'],
  // Pixels and their colours, 0 to 255; a mix of two colours is at most 7 * 255.
  'lib/data/cache.ts': ['new Uint8Array(set.bytesPerPicture)'],
  'lib/data/dataset.ts': [
    ...['new Uint8Array(count)', 'new Uint8Array(recordBytes(settings))'],
    'new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)',
  ],
  'lib/data/augment/index.ts': ['new Uint8Array(plain.length)'],
  'lib/data/decoded.ts': ['Uint8Array.from(values, …)'],
  'lib/data/record.ts': [
    'new Uint8Array(fitted.buffer, fitted.byteOffset, fitted.byteLength)',
    ...['new Uint8Array(recordBytes(form))', 'new Uint8Array(values.length * 3)'],
  ],
  'lib/data/readers/cifar10.ts': ['new Uint8Array(length * plane * channels)', 'new Uint8Array(length)'],
  // Values of 16 bits, as files store them; what is decoded is compared with the bits of the header.
  'lib/data/decode.ts': ['new Uint16Array(new Uint8Array(data).buffer)', 'new Uint8Array(data)'],
  'lib/data/dicom/header.ts': ['new Uint8Array(position + rest.length)'],
  'lib/data/dicom/jpeg2000.ts': ['Uint16Array.from(decoded)', 'Uint16Array.from({ length: size }, …)'],
  'lib/data/dicom/lossless_jpeg.ts': ['new Uint8Array(bytes)', 'Uint16Array.from(values)'],
  'lib/data/dicom/pixels.ts': ['Uint16Array.from(bytes.subarray(0, size))', 'Uint16Array.from({ length: pixels }, …)'],
  'lib/data/dicom/rle.ts': ['new Uint8Array(size)', 'new Uint16Array(size)'],
  // Classes in masks, of which files of 8 bits have 256 at most, and zeros and ones.
  'lib/data/masks.ts': [
    'Uint8Array.from({ length: height * width }, …)',
    ...['new Uint8Array(size.height * size.width)', 'new Uint8Array(to.height * to.width)'],
  ],
  'lib/data/hold_out.ts': ['new Uint8Array(length)'],
  'lib/counting/count_runs.ts': ['Uint8Array.from({ length: height * width }, …)'],
  'lib/counting/drawing.ts': ['new Uint8Array(this.height * this.width * 3)'],
  'lib/data/in_memory.ts': ['new Uint8Array(count * bytesPerPicture)'],
  'lib/data/resize.ts': ['new Uint8Array(pixels.length / 3)', 'new Uint8Array(resized.data().buffer)'],
  'lib/data/cracks_scene.ts': ['Uint8Array.from(canvas.values, …)'],
  'lib/data/synthetic_scene.ts': ['new Uint8Array(height * width * 3)'],
  'lib/explain/occlusion.ts': ['Uint8Array.from(picture.pixels)'],
  'lib/explain/overlay.ts': [
    'Uint8Array.from({ length: 3 * (top + 1) }, …)',
    'new Uint8Array(3 * values.length)',
    'Uint16Array.from(colours, …)',
    'Uint8Array.from(mixed, …)',
  ],
  'lib/explain/sight.ts': ['Uint8Array.from(values, scale)', 'new Uint8Array((3 * values.length) / channels)'],
  // Values of the user's that are bytes already.
  'lib/models/several.ts': ['new Uint8Array(count * width)'],
  'lib/tensor/values.ts': ['new Uint8Array(values)', 'new Uint8Array(buffer, byteOffset, length)'],
};

const worthParsing = /(?:8|16)(?:Clamped)?(?:Array|[LB]E)?\b/;
const narrow = /^(?:Uint8|Uint8Clamped|Int8|Uint16|Int16)Array$/;
const wordwise = /^(?:set|write)U?[Ii]nt(?:8|16)(?:[LB]E)?$/;

/** How a source makes arrays of 8 or 16 bits and writes such words; functions as `…`. */
function narrowIn(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const { expression } = node;
      const made = ts.isNewExpression(node)
        ? expression
        : ts.isPropertyAccessExpression(expression) && expression.expression;
      const words = ts.isPropertyAccessExpression(expression) && wordwise.test(expression.name.text);
      if (words || (made && narrow.test(made.getText()))) {
        const given = (node.arguments ?? []).map((one) => (ts.isFunctionLike(one) ? '…' : one.getText()));
        const call = `${expression.getText()}(${given.join(', ')})`;
        found.push(ts.isNewExpression(node) ? `new ${call}` : call);
      }
    }
    ts.forEachChild(node, visit);
  };
  if (worthParsing.test(source)) visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true));
  return found;
}

describe('arrays of 8 or 16 bits', () => {
  it('are those that keep bytes or pixels', () => {
    const found = filesUnder('lib', ['.ts']).flatMap((file) => {
      const others = [...new Set(narrowIn(text(file)))].filter((one) => !kept[file]?.includes(one));
      return others.map((one) => `${file}: ${one}`);
    });
    expect(found).toEqual([]);
  });

  it('are all on the list for a reason: none is there that the source no longer has', () => {
    for (const [file, arrays] of Object.entries(kept)) {
      expect(narrowIn(text(file)), file).toEqual(expect.arrayContaining([...arrays]));
    }
  });

  it('would be found in every form', () => {
    const source =
      'Uint8Array.from(labels, (x) => x + 1); new Int16Array(n); Int8Array.of(a); view.setUint16(0, n); b.writeUInt8(n)';
    expect(narrowIn(source)).toEqual([
      'Uint8Array.from(labels, …)',
      'new Int16Array(n)',
      'Int8Array.of(a)',
      'view.setUint16(0, n)',
      'b.writeUInt8(n)',
    ]);
    expect(narrowIn('Uint32Array.from(labels); new Float32Array(n); view.setUint32(0, n); b as Uint8Array')).toEqual(
      [],
    );
  });
});

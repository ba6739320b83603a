// Makes answers.json: what became of each DICOM file of a folder, beside what pydicom makes of it (pydicom_answers.py):
// node answers.mjs FOLDER pydicom.json > answers.json. The package has to be built.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDicom } from '../../../dist/index.js';

const [, , folder, answers] = process.argv;

/** pydicom's answer in one line. */
function words({ read, pixels, sha256, ...facts }) {
  if (read !== 'whole') return `does not read it: ${read}`;
  if (pixels === 'none') return 'no pixel data';
  if (pixels !== undefined) return `no pixels: ${pixels}`;
  const {
    PhotometricInterpretation: kind,
    BitsStored: bits,
    PixelRepresentation: signed,
    NumberOfFrames: frames,
  } = facts;
  const parts = [`${facts.shape.join(' x ')}, ${kind}, ${bits} bits`];
  if (signed === '1') parts.push('signed');
  if (frames !== '1' && frames !== 'None') parts.push(`${frames} frames`);
  return parts.join(', ');
}

const rows = {};
for (const [name, answer] of Object.entries(JSON.parse(readFileSync(answers, 'utf8')))) {
  const row = { pydicom: words(answer) };
  if (answer.sha256 !== undefined) row.sha256 = answer.sha256;
  try {
    const { stored } = await readDicom(join(folder, name));
    row.read = createHash('sha256').update(new Uint8Array(stored.buffer)).digest('hex');
  } catch (error) {
    if (error.code !== 'DATA') throw error;
    row.refused = error.got;
  }
  rows[name] = row;
}
console.log(JSON.stringify(rows, null, 1));

// A LeNet-5 and digits out of IDX files (the form of MNIST), as a user writes them in a folder of their own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** `lenet.mjs` */
export const lenet = `import { defineModel, layers, sequential } from 'samebits';
const { averagePooling2d, conv2d, dense, flatten, input, rescaling } = layers;
export default defineModel({
  name: 'lenet',
  build: ({ sampleShape, classes }) =>
    sequential([
      input({ shape: sampleShape }),
      rescaling({ scale: 1 / 255 }),
      conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
      averagePooling2d({ poolSize: 2 }),
      conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
      averagePooling2d({ poolSize: 2 }),
      flatten(),
      dense({ units: 84, activation: 'relu' }),
      dense({ units: classes, activation: 'softmax' }),
    ]),
  optimizer: 'sgd:learningRate=0.1',
});
`;
/** `digits.mjs` */
export const digits = `import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { defineData } from 'samebits';
const idx = (name) => gunzipSync(readFileSync(new URL(\`./\${name}-ubyte.gz\`, import.meta.url)));
const split = (name) => ({
  x: idx(\`\${name}-images-idx3\`).subarray(16),
  y: idx(\`\${name}-labels-idx1\`).subarray(8),
  sampleShape: [28, 28, 1],
});
export default defineData({ train: split('train'), validation: split('t10k') });
`;

/** Writes images and labels as MNIST names them: digit k is a block at a place of its own, with noise that depends on its number. */
export function writeDigits(folder: string, name: 'train' | 't10k', count: number, from: number): void {
  const images = Buffer.alloc(16 + count * 784);
  const labels = Buffer.alloc(8 + count);
  [0x803, count, 28, 28].forEach((value, i) => void images.writeUInt32BE(value, 4 * i));
  [0x801, count].forEach((value, i) => void labels.writeUInt32BE(value, 4 * i));
  for (let n = 0; n < count; n++) {
    const digit = (n + from) % 10;
    labels[8 + n] = digit;
    for (let i = 0; i < 784; i++) {
      const [row, column] = [Math.floor(i / 28), i % 28];
      const inside = Math.floor(row / 6) === digit % 4 && Math.floor(column / 9) === digit % 3;
      images[16 + 784 * n + i] = (inside ? 200 : 20) + ((31 * i + 17 * (n + from)) % 41);
    }
  }
  writeFileSync(join(folder, `${name}-images-idx3-ubyte.gz`), gzipSync(images));
  writeFileSync(join(folder, `${name}-labels-idx1-ubyte.gz`), gzipSync(labels));
}

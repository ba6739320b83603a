// Imports the built package and does one piece of work with it; prints the files that were imported or required for that.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [, , work, file] = process.argv;
const folder = mkdtempSync(join(tmpdir(), 'samebits-loaded-'));
const list = join(folder, 'list');
register('./loaded_hooks.mjs', import.meta.url, { data: list });

const samebits = await import('../../dist/index.js');
const { createRuntime, encodePng, explainRuns, layers, sequential, stats } = samebits;

const works = {
  dicom: () => samebits.readDicom(file),
  nothing: () => {},
  fit: async () => {
    const runtime = createRuntime({ threads: 1 });
    const net = sequential([layers.input({ shape: [2] }), layers.dense({ units: 1, activation: 'sigmoid' })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    await net.fit(
      {
        x: [
          [0, 1],
          [1, 0],
        ],
        y: [[0], [1]],
      },
      { verbose: 2 },
    );
  },
  picture: () => encodePng({ height: 1, width: 1, pixels: new Uint8Array(3) }),
  run: () => {
    writeFileSync(join(folder, 'result.json'), '{}');
    return explainRuns({ runs: [folder], image: 'none.png' }).catch(() => {});
  },
  statistics: () => stats.summarize([1, 2, 4]),
  events: async () => {
    const runtime = createRuntime({ threads: 1 });
    const net = sequential([layers.input({ shape: [1] }), layers.dense({ units: 1, activation: 'sigmoid' })]);
    net.compile({ runtime, loss: 'binaryCrossentropy' });
    await net.fit({ x: [[0], [1]], y: [[0], [1]] }, { tensorboard: join(folder, 'events') });
  },
};
await works[work]();
const imported = readFileSync(list, 'utf8').trim().split('\n');
const required = Object.keys(createRequire(import.meta.url).cache);
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify([...imported, ...required]));

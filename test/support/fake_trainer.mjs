/**
 * A trainer for tests of the runner: takes the arguments of `samebits train`, writes settings, weights files and a result of the
 * same form within milliseconds, and fails, hangs or prints nonsense in one trial if SAMEBITS_FAKE says so:
 * {"trial": "atomic-02", "how": "fail" | "misuse" | "hang" | "nonsense" | "half"}. As the real one does, it leaves nothing where it
 * fails, and what it has where it is killed. Deterministic runs are alike; atomic runs differ from the second epoch on by as many
 * ulp as their number.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const argument = (name) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const camel = (name) => name.slice(2).replace(/-./g, (dash) => dash[1].toUpperCase());
const settingOf = (text) => (/^\d+$/.test(text) ? Number(text) : text);
const resumed = argument('--resume');
const out = resumed ?? argument('--out');
if (resumed === undefined && existsSync(join(out, 'settings.json'))) throw new Error('expected an empty folder');
const words = process.argv.slice(3);
const asked = words.flatMap((word, i) =>
  /^--(?!json|out)/.test(word) ? [[camel(word), settingOf(words[i + 1])]] : [],
);
const settings = resumed ? JSON.parse(readFileSync(join(out, 'settings.json'), 'utf8')) : Object.fromEntries(asked);
const { mode } = settings;
const trial = basename(out);
const run = Number(trial.split('-').at(-1));
const fault = JSON.parse(process.env.SAMEBITS_FAKE ?? '{}');
const how = fault.trial === trial ? fault.how : 'well';
const sha = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

function weights(epoch) {
  const drift = mode === 'atomic' && epoch > 1 ? run : 0;
  const words = Int32Array.of(0x3f800000 + epoch, 0x3f000000 + drift, 0x40000000, 0x3e000000 - 2 * drift);
  return [
    { name: 'conv2d/kernel', data: words.subarray(0, 2) },
    { name: 'conv2d/bias', data: words.subarray(2, 3) },
    { name: 'dense/kernel', data: words.subarray(3) },
  ];
}

function safetensors(tensors) {
  const header = {};
  let end = 0;
  for (const { name, data } of tensors) {
    header[name] = {
      dtype: 'F32',
      shape: name === 'predictions' ? [data.length, 1] : [data.length],
      data_offsets: [end, end + data.byteLength],
    };
    end += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const padded = Buffer.concat([text, Buffer.alloc((8 - (text.length % 8)) % 8, ' ')]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  const bodies = tensors.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return Buffer.concat([size, padded, ...bodies]);
}

// Asked to stop before it has a checkpoint it leaves nothing.
process.on('SIGINT', () => {
  rmSync(out, { recursive: true });
  process.exit(130);
});
if (resumed) process.send?.({ kind: 'note', note: `going on with ${trial}` });
mkdirSync(join(out, 'weights'), { recursive: true });
writeFileSync(join(out, 'settings.json'), JSON.stringify(settings));
const epochs = [];
for (let epoch = 1; epoch <= settings.epochs; epoch += 1) {
  const file = safetensors(weights(epoch));
  writeFileSync(join(out, 'weights', `epoch-${String(epoch).padStart(4, '0')}.safetensors`), file);
  const loss = 0.7 / epoch;
  const accuracy = 1 - loss / 2;
  epochs.push({ epoch, loss, accuracy, valLoss: loss, valAccuracy: accuracy, seconds: 0.1, weightsHash: sha(file) });
  process.send?.({ kind: 'step', step: { epoch, epochs: 2, step: 1, steps: 1, loss } });
  if (how === 'fail' || how === 'misuse') {
    rmSync(out, { recursive: true });
    process.stderr.write('samebits: data: expected pictures, got none\n');
    process.exit(how === 'misuse' ? 2 : 1);
  }
  if (how === 'hang') await new Promise((resolve) => setTimeout(resolve, 60_000));
  if (how === 'half') process.kill(process.pid, 'SIGKILL');
}

// Atomic runs after the first are on the other side of 1/2 for the second of three pictures.
const outputs = Float32Array.of(0.9, mode === 'atomic' && run > 1 ? 0.4 : 0.6, 0.1);
writeFileSync(join(out, 'predictions.safetensors'), safetensors([{ name: 'predictions', data: outputs }]));

const stepSeconds = [1, 2, 3, 4, 5].map((i) => (mode === 'atomic' ? 0.1 : 0.11) + i / 1000 + run / 10000);
const result = {
  target: `cpu/scalar/${mode}`,
  contract: 2,
  model: settings.model,
  settings,
  threads: 2,
  seed: settings.seed,
  parameters: 4,
  dataHash: sha('data'),
  weightsHash: epochs.at(-1).weightsHash,
  predictionsHash: sha(`${epochs.at(-1).weightsHash} predictions`),
  stepSeconds,
  stepSecondsMedian: stepSeconds[2],
  peakMemoryMiB: 100,
  epochs,
};
writeFileSync(join(out, 'result.tmp'), JSON.stringify(result));
renameSync(join(out, 'result.tmp'), join(out, 'result.json'));
process.stdout.write(how === 'nonsense' ? 'epoch 1 done' : `${JSON.stringify(result)}\n`);

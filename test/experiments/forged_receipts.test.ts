// Every field of a receipt, forged at random, hashed and signed again by the forger: the receipt is refused, found to
// differ, or believed only in what the verification marks as told. Likewise all that a checkpoint says beside its tensors.

import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SamebitsError, type TrainOptions, train, type VerifyOptions, verifyReceipt } from '../../lib/index.js';
import { readSafetensors, writeSafetensors } from '../../lib/runs/index.js';
import { type Receipt, receiptSchema } from '../../lib/runs/receipt_form.js';
import { small } from '../determinism/trainings.js';
import { encodeReceipt, forgeReceipt, receiptIn, sealed } from '../support/forge.js';
import { anyLike, fieldsOf, type Outcome, table } from '../support/forged_fields.js';
import { brokenJson, withAt } from '../support/mutations.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-forged-'));
const cache = process.env['SAMEBITS_CACHE'];
const attacker = generateKeyPairSync('ed25519').privateKey;
const pictures = join(folder, 'pictures');
const validation = join(folder, 'validation');
/** Two runs that have all fields between them. */
const plain = join(folder, 'plain');
const rich = join(folder, 'rich');
const plainOptions: TrainOptions = { ...small, samples: 6, batchSize: 3, checkpoints: 'all', out: plain };
const richOptions: TrainOptions = {
  ...small,
  data: pictures,
  validation,
  samples: 8,
  validationSamples: 2,
  splitSeed: 3,
  dataOptions: { bits: 8 },
  augment: ['elastic:alpha=9,sigma=2'],
  batchSize: 4,
  epochs: 1,
  atomic: ['conv2d.weightGradient'],
  arrivalSeed: 5,
  maxPixels: 5_000_000,
  modelOptions: { augmentation: false },
  optimizer: 'sgd:momentum=0.9',
  schedule: 'polynomialDecay:initialLearningRate=0.01,decaySteps=10',
  loss: 'binaryCrossentropy',
  metrics: ['accuracy'],
  callbacks: ['earlyStopping:monitor=loss,patience=7'],
  classWeight: { 1: 2 },
  flip: { step: 2, tensor: 'conv2d/kernel', index: 3, bit: 20 },
  trace: 'weights',
  keepSteps: 2,
  out: rich,
};

async function drawPictures(into: string, count: number): Promise<void> {
  for (const [label, name] of ['cats', 'dogs'].entries()) {
    mkdirSync(join(into, name), { recursive: true });
    for (let i = 0; i < count; i += 1) {
      const pixels = Buffer.from(Array.from({ length: 80 * 80 * 3 }, (_, at) => (at * (7 + i) + 90 * label) % 251));
      await sharp(pixels, { raw: { width: 80, height: 80, channels: 3 } })
        .png()
        .toFile(join(into, name, `${i}.png`));
    }
  }
}

beforeAll(async () => {
  process.env['SAMEBITS_CACHE'] = join(folder, 'cache');
  await drawPictures(pictures, 5);
  await drawPictures(validation, 2);
  await train(plainOptions);
  await train(richOptions);
}, 60_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (cache === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = cache;
});

/** What becomes of a forged field: whether the value is believed without being marked as told. */
async function outcomeOf(path: string, options: VerifyOptions, field: string): Promise<Outcome> {
  try {
    const { equal, told, epochs } = await verifyReceipt(path, options);
    expect(epochs.length).toBe(equal ? (options.epochs?.length ?? receiptIn(path).options.epochs) : epochs.length);
    if (!equal) return 'different';
    return Object.keys(told).some((name) => field === name || field.startsWith(`${name}.`)) ? 'told' : 'believed';
  } catch (error) {
    expect(error).toBeInstanceOf(SamebitsError);
    return 'refused';
  }
}

let forgeries = 0;
/** A receipt alone in a folder, one of its fields forged; with the checkpoints of its run where epochs are computed alone. */
function forged(run: string, path: (string | number)[], value: unknown, signed: boolean, checkpoints: boolean): string {
  const to = join(folder, `forgery-${++forgeries}`);
  mkdirSync(to);
  const receipt = withAt(receiptIn(run), path, value) as Receipt;
  writeFileSync(join(to, 'receipt.json'), sealed(receipt, signed ? attacker : undefined));
  if (checkpoints) cpSync(join(run, 'checkpoints'), join(to, 'checkpoints'), { recursive: true });
  return to;
}

/** Draws forgeries of a field and expects of each what the row says. */
async function forge(run: string, pattern: string, options: VerifyOptions, may: Outcome[], numRuns: number) {
  const receipt = receiptIn(run);
  const places = fieldsOf(receipt).get(pattern)!;
  const valueAt = (path: (string | number)[]) =>
    path.reduce<unknown>((inside, key) => (inside as Record<string, unknown>)[key], receipt);
  const drawn = fc.constantFrom(...places).chain((path) => {
    const draw = table[pattern]!.draw ?? anyLike(valueAt(path));
    return fc.tuple(fc.constant(path), draw, fc.boolean());
  });
  const property = fc.asyncProperty(drawn, async ([path, value, signed]) => {
    fc.pre(!Object.is(value, valueAt(path)));
    const to = forged(run, path, value, signed, options.epochs !== undefined);
    // A receipt's list counts from 0, its epochs from 1.
    const field = path[0] === 'epochs' ? ['epochs', Number(path[1]) + 1, ...path.slice(2)] : path;
    expect(may).toContain(await outcomeOf(to, options, field.join('.')));
    rmSync(to, { recursive: true });
  });
  await fc.assert(property, { numRuns, seed: 20, endOnFailure: true });
}

describe('the table of fields', () => {
  it('has a row for every field of the form, and no other', () => {
    const patterns = new Set([plain, rich].flatMap((run) => [...fieldsOf(receiptIn(run)).keys()]));
    expect([...patterns].filter((pattern) => table[pattern] === undefined)).toEqual([]);
    expect(Object.keys(table).filter((pattern) => !patterns.has(pattern))).toEqual([]);
  });

  it('knows every field that a receipt may have', () => {
    const { shape } = receiptSchema();
    const beginnings = new Set(Object.keys(table).map((pattern) => pattern.split('.').slice(0, 2).join('.')));
    const first = new Set([...beginnings].map((pattern) => pattern.split('.')[0]));
    // Only a run that ended early has been stopped; test/determinism/callbacks makes one.
    const apart = ['hash', 'signature', 'stopped'];
    expect(Object.keys(shape).filter((name) => !first.has(name) && !apart.includes(name))).toEqual([]);
    // A run that holds samples out says how many or which share, not both.
    beginnings.add('options.validationFraction');
    // One that begins from the weights of a file is in test/unit/training/tuning.
    for (const name of ['weights', 'freeze']) beginnings.add(`options.${name}`);
    for (const name of ['options', 'sources', 'form', 'environment'] as const) {
      const known = Object.keys(shape[name].shape).filter((inside) => !beginnings.has(`${name}.${inside}`));
      expect(known).toEqual([]);
    }
  });
});

// A run of pictures is verified where its verifier has them.
const here: Record<string, VerifyOptions> = { [plain]: {}, [rich]: { data: pictures, validation } };

describe('a forged field is refused, found, or marked as told', () => {
  it.each(Object.keys(table))('%s', { timeout: 60_000 }, async (pattern) => {
    const { may } = table[pattern]!;
    for (const run of [rich, plain]) {
      if (!fieldsOf(receiptIn(run)).has(pattern)) continue;
      // Where the pictures are made and not read, another word is another source.
      const outcomes: Outcome[] = run === plain && pattern === 'options.data' ? ['refused'] : may;
      await forge(run, pattern, here[run]!, outcomes, may.join() === 'told' ? 1 : 2);
      return;
    }
    expect(pattern).toMatch(/settings/);
  });

  it('its hash, its signature and the key of another signer', async () => {
    const receipt = JSON.parse(sealed(receiptIn(plain), attacker)) as Receipt;
    const other = JSON.parse(sealed(receiptIn(plain), generateKeyPairSync('ed25519').privateKey)) as Receipt;
    const altered: [string, Receipt][] = [
      ['hash', { ...receipt, hash: other.dataHash }],
      ['value', { ...receipt, signature: { ...receipt.signature!, value: other.signature!.value } }],
      ['publicKey', { ...receipt, signature: { ...receipt.signature!, publicKey: other.signature!.publicKey } }],
    ];
    for (const [name, broken] of altered) {
      const to = join(folder, `signed-${name}`);
      mkdirSync(to);
      writeFileSync(join(to, 'receipt.json'), encodeReceipt(broken));
      expect(await outcomeOf(to, {}, `signature.${name}`)).toBe('refused');
      writeFileSync(join(to, 'receipt.json'), encodeReceipt(receipt));
      if (name === 'publicKey') expect(await outcomeOf(to, {}, 'signature.publicKey')).toBe('told');
    }
  });
});

describe('with --epochs a field is proved, found or marked, too:', () => {
  /** What may be told where an epoch is computed alone, beside the fields that are always told. */
  const partial = /^(?:initial|epochs|predictionsHash|weightsHash)/;
  const fields = Object.keys(table).filter((pattern) => !/^(?:environment|samebits|format)/.test(pattern));
  it.each(fields.filter((pattern) => partial.test(pattern) || /options\.seed|batchSize|threads|steps/.test(pattern)))(
    '%s',
    { timeout: 60_000 },
    async (pattern) => {
      const { may } = table[pattern]!;
      const outcomes: Outcome[] = partial.test(pattern) ? [...may, 'refused', 'told'] : may;
      for (const epoch of [1, 2]) await forge(plain, pattern, { epochs: [epoch] }, outcomes, 1);
    },
  );

  it('control: what was told of the other epoch is told', async () => {
    for (const [epoch, other] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const to = forged(plain, ['epochs', other - 1, 'means', 'loss'], '-0.5', true, true);
      expect(await outcomeOf(to, { epochs: [epoch] }, `epochs.${other}.means.loss`)).toBe('told');
      expect(await outcomeOf(to, { epochs: [other] }, `epochs.${other}.means.loss`)).toBe('different');
    }
  });
});

describe('files beside a receipt', () => {
  const files = [
    'checkpoint.safetensors',
    'history.jsonl',
    'predictions.safetensors',
    'weights/epoch-0001.safetensors',
  ];

  it.each(files)('%s has to be listed', async (file) => {
    const to = join(folder, `unlisted-${++forgeries}`);
    cpSync(plain, to, { recursive: true });
    forgeReceipt(to, (receipt) => delete receipt.files[file]);
    await expect(verifyReceipt(to)).rejects.toThrow(
      `receipt: expected an unaltered receipt '${join(to, 'receipt.json')}', got one whose files lack '${file}'`,
    );
  });

  it('of another run, or none at all, are refused', async () => {
    const to = join(folder, 'emptied');
    cpSync(plain, to, { recursive: true });
    forgeReceipt(to, (receipt) => (receipt.files = {}));
    await expect(verifyReceipt(to)).rejects.toThrow("got one whose files lack 'checkpoint.safetensors'");
    for (const file of ['weights/epoch-0003.safetensors', 'steps/step-000009.safetensors', 'notes.jsonl']) {
      const other = forged(plain, ['files', file], receiptIn(plain).dataHash, false, false);
      await expect(verifyReceipt(other)).rejects.toThrow(`got one whose files list '${file}'`);
    }
  });

  it.each(files)('%s is found where it says something else than the receipt, its hash forged to fit', async (file) => {
    const { fileHash } = await import('../../lib/files/index.js');
    const to = join(folder, `contents-${++forgeries}`);
    cpSync(plain, to, { recursive: true });
    const path = join(to, file);
    if (file.endsWith('jsonl')) {
      const lines = JSON.stringify({ ...receiptIn(plain).epochs[0], loss: 0.1 });
      writeFileSync(path, `${lines}\n`);
    } else {
      const { tensors, metadata } = readSafetensors(path);
      (tensors.at(-1)!.data as Float32Array)[0] = 7;
      writeSafetensors(path, { tensors, metadata });
    }
    forgeReceipt(to, (receipt) => (receipt.files[file] = fileHash(path)));
    expect(await verifyReceipt(to)).toMatchObject({ equal: false, epochs: [], difference: { what: 'file', file } });
  });
});

describe('a checkpoint that an epoch is computed from', () => {
  const file = join('checkpoints', 'epoch-0001.safetensors');

  /** Checks epoch 2 with another state told in its checkpoint; the receipt lists no checkpoints. */
  async function withState(change: (state: unknown) => unknown, alter: (receipt: Receipt) => void = () => {}) {
    const to = join(folder, `state-${++forgeries}`);
    mkdirSync(to);
    cpSync(join(plain, 'receipt.json'), join(to, 'receipt.json'));
    forgeReceipt(
      to,
      (receipt) => {
        for (const name of Object.keys(receipt.files)) if (name.startsWith('checkpoints/')) delete receipt.files[name];
        alter(receipt);
      },
      attacker,
    );
    const { tensors, metadata } = readSafetensors(join(plain, file));
    const state = JSON.stringify(change(JSON.parse(metadata['state']!))) ?? 'null';
    writeSafetensors(join(to, file), { tensors, metadata: { ...metadata, state } });
    try {
      return await verifyReceipt(to, { epochs: [2] });
    } finally {
      rmSync(to, { recursive: true });
    }
  }

  it('is believed in nothing but its tensors (seed 20)', { timeout: 60_000 }, async () => {
    const { metadata } = readSafetensors(join(plain, file));
    const draws = fc.asyncProperty(brokenJson(JSON.parse(metadata['state']!)), async (state) => {
      const { equal, epochs } = await withState(() => state);
      expect({ equal, epochs }).toEqual({ equal: true, epochs: [2] });
    });
    await fc.assert(draws, { numRuns: 6, seed: 20 });
  });

  it('whose sums were set beforehand changes no loss and no accuracy', async () => {
    const sums = (state: { progress: object }) => ({
      ...state,
      progress: {
        ...state.progress,
        loss: '-1000',
        samples: 100_000,
        metrics: { accuracy: JSON.stringify({ sum: [99_999], weight: [100_000] }) },
      },
    });
    const { equal, difference } = await withState(
      (state) => sums(state as { progress: object }),
      ({ epochs }) => Object.assign(epochs[1]!.means, { loss: '-0.0016', accuracy: '0.99999' }),
    );
    expect({ equal, difference }).toMatchObject({
      equal: false,
      difference: { epoch: 2, name: 'loss', recorded: '-0.0016' },
    });
  });

  it('one epoch ahead does not leave the epoch uncomputed', async () => {
    const { equal, epochs, difference } = await withState(
      (state) => ({ ...(state as object), progress: { epoch: 2, step: 0, loss: '0', samples: 0, metrics: {} } }),
      ({ epochs: [, second] }) => (second!.means['loss'] = '0.001'),
    );
    expect({ equal, epochs, difference }).toMatchObject({ equal: false, epochs: [], difference: { name: 'loss' } });
  });
});

// Receipts and their verification: an unaltered receipt is accepted with other threads and another instruction set; every
// byte of it, of its files and of the data counts; what was forged consistently is found by computing again.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capabilities, type Receipt, readReceipt, type TrainOptions, train, verifyReceipt } from '../../lib/index.js';
import { parseReceipt, sha256 } from '../../lib/runs/index.js';
import { rootOf } from '../../lib/trace/index.js';
import { small } from '../determinism/trainings.js';
import { encodeReceipt as encode, forgeReceipt } from '../support/forge.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-receipt-'));
const cache = process.env['SAMEBITS_CACHE'];
const options: TrainOptions = { ...small, samples: 6, batchSize: 3, checkpoints: 'all' };
const run = join(folder, 'run');
const keys = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')] as const;
const pem = (name: string, key: KeyObject, type: 'pkcs8' | 'spki') => {
  writeFileSync(join(folder, name), key.export({ type, format: 'pem' }));
  return join(folder, name);
};
let privatePem: string;
let publicPem: string;
let otherPem: string;

beforeAll(async () => {
  process.env['SAMEBITS_CACHE'] = join(folder, 'cache');
  privatePem = pem('private.pem', keys[0].privateKey, 'pkcs8');
  publicPem = pem('public.pem', keys[0].publicKey, 'spki');
  otherPem = pem('other.pem', keys[1].publicKey, 'spki');
  await train({ ...options, out: run, sign: privatePem });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  if (cache === undefined) delete process.env['SAMEBITS_CACHE'];
  else process.env['SAMEBITS_CACHE'] = cache;
});

let copies = 0;
/** A copy of the run folder to alter. */
function copyOf(from = run): string {
  const to = join(folder, `copy-${++copies}`);
  cpSync(from, to, { recursive: true });
  return to;
}

/** Changes one bit of the byte at `at`, counted from the end where negative. */
function alter(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at]! ^= 1;
  writeFileSync(path, bytes);
}

/** A run folder whose receipt was changed by someone who knows how to hash, but has no key. */
function forged(change: (receipt: Receipt) => void): string {
  const copy = copyOf();
  forgeReceipt(copy, change);
  return copy;
}

/** A receipt forged likewise, with no other file beside it. */
function forgedAlone(change: (receipt: Receipt) => void): string {
  const to = join(folder, `copy-${++copies}`);
  mkdirSync(to);
  cpSync(join(run, 'receipt.json'), join(to, 'receipt.json'));
  forgeReceipt(to, change);
  return to;
}

describe('a receipt', () => {
  it('names contract, build, target, options, seeds, data, trees, hashes, files, machine and signer', () => {
    const receipt = readReceipt(join(run, 'receipt.json'));
    expect(receipt).toMatchObject({
      samebits: 'receipt',
      format: 3,
      contract: capabilities().contract,
      version: '0.1.0',
      addon: expect.stringMatching(/^sha256:/),
      target: expect.stringMatching(/^cpu\/\w+\/deterministic$/),
      threads: 2,
      options: { model: 'keras_convnet', data: 'synthetic', samples: 6, batchSize: 3, epochs: 2, seed: 1001 },
      sources: { model: { kind: 'table', name: 'keras_convnet' }, data: { kind: 'synthetic', name: 'synthetic' } },
      classNames: ['bears', 'cats'],
      compile: {
        network: { class_name: 'Functional', config: { layers: expect.any(Array) } },
        optimizer: {
          class_name: 'RMSprop',
          config: { learning_rate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7 },
          samebits: { epsilon_place: 'outside' },
        },
        loss: { class_name: 'BinaryCrossentropy' },
        metrics: [{ class_name: 'BinaryAccuracy' }],
      },
      environment: { node: process.version },
    });
    expect(receipt.form).toEqual({ sampleShape: [78, 78, 3], targets: { kind: 'class', shape: [], classes: 2 } });
    expect(receipt.options).not.toHaveProperty('sign');
    expect(receipt.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(new Set([receipt.initial, ...receipt.epochs].map(({ root }) => root)).size).toBe(3);
    expect(Object.keys(receipt.files)).toEqual([
      'checkpoint.safetensors',
      'checkpoints/epoch-0001.safetensors',
      'checkpoints/epoch-0002.safetensors',
      'data.json',
      'history.jsonl',
      'predictions.safetensors',
      'weights/epoch-0001.safetensors',
      'weights/epoch-0002.safetensors',
    ]);
  });

  it('is refused with one bit of any byte changed', () => {
    const bytes = readFileSync(join(run, 'receipt.json'));
    expect(parseReceipt(bytes, 'receipt')).toBeDefined();
    const accepted: number[] = [];
    // Every byte of its beginning, and every 23rd of the long rest.
    for (let i = 0; i < bytes.length; i += i < 2000 ? 1 : 23) {
      const altered = Buffer.from(bytes);
      altered[i]! ^= 1 << (i % 7);
      try {
        parseReceipt(altered, 'receipt');
        accepted.push(i);
      } catch (error) {
        expect(String(error)).toMatch(/^FileError: receipt: expected an unaltered receipt 'receipt', got one /);
      }
    }
    expect(accepted).toEqual([]);
  });

  it('has one text for a key: every other encoding of it is refused', () => {
    const { signature, ...rest } = JSON.parse(readFileSync(join(run, 'receipt.json'), 'utf8')) as Receipt;
    const written = (publicKey: string) => Buffer.from(encode({ ...rest, signature: { ...signature, publicKey } }));
    expect(parseReceipt(written(signature!.publicKey), 'receipt')).toBeDefined();
    for (let at = 0; at < 24; at += 1) {
      for (const digit of '0123456789abcdef') {
        const other = signature!.publicKey.slice(0, at) + digit + signature!.publicKey.slice(at + 1);
        if (other === signature!.publicKey) continue;
        expect(() => parseReceipt(written(other), 'receipt')).toThrow(
          'got one whose signature.publicKey has another form',
        );
      }
    }
  });

  it('of a training stopped and resumed is that of one that never stopped, its times and last checkpoint aside', async () => {
    const out = join(folder, 'resumed');
    const stop = new AbortController();
    const onStep = ({ epoch, step }: { epoch: number; step: number }) =>
      epoch === 2 && step === 1 && stop.abort(new Error('stopped'));
    await expect(train({ ...options, out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
    await train({ ...options, resume: out });
    const same = ({ initial, epochs, tensors, dataHash, options }: Receipt) => ({
      initial,
      epochs,
      tensors,
      dataHash,
      options,
    });
    expect(same(readReceipt(join(out, 'receipt.json')))).toEqual(same(readReceipt(join(run, 'receipt.json'))));
    expect((await verifyReceipt(out)).equal).toBe(true);
  });
});

describe('verify accepts', () => {
  it('the run folder, with another number of threads', async () => {
    const { root } = readReceipt(join(run, 'receipt.json')).epochs[1]!;
    const signedBy = keys[0].publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
    expect(await verifyReceipt(run, { threads: 3, key: publicPem })).toEqual({
      equal: true,
      receipt: join(run, 'receipt.json'),
      epochs: [1, 2],
      ofEpochs: 2,
      files: { checked: 8, missing: [] },
      signedBy,
      root,
      difference: null,
      told: {
        version: '0.1.0',
        addon: expect.stringMatching(/^sha256:/),
        target: expect.stringMatching(/^cpu/),
        threads: 2,
        'options.data': 'synthetic',
        'options.device': 'cpu',
        'options.isa': 'auto',
        'options.damaged': 'refuse',
        sources: expect.objectContaining({ data: { kind: 'synthetic', name: 'synthetic' } }),
        environment: expect.objectContaining({ node: process.version }),
        'files.checkpoint.safetensors': expect.any(String),
        'files.checkpoints/epoch-0001.safetensors': expect.any(String),
        'files.checkpoints/epoch-0002.safetensors': expect.any(String),
        'files.data.json': expect.any(String),
      },
      warnings: [],
    });
  });

  it('the receipt alone, on another instruction set', async () => {
    const alone = join(folder, 'alone', 'receipt.json');
    mkdirSync(join(folder, 'alone'));
    cpSync(join(run, 'receipt.json'), alone);
    const found = await verifyReceipt(alone, { isa: 'scalar' });
    expect(found).toMatchObject({ equal: true, epochs: [1, 2], files: { checked: 0 } });
    expect(found.files.missing).toHaveLength(8);
  });

  it('an epoch alone, computing nothing else', async () => {
    const steps: string[] = [];
    const onStep = ({ epoch, step }: { epoch: number; step: number }) => steps.push(`${epoch}/${step}`);
    expect(await verifyReceipt(run, { epochs: [2] }, { onStep })).toMatchObject({ equal: true, epochs: [2] });
    expect(steps).toEqual(['2/1', '2/2']);
  });

  it('a receipt forged to say the same', async () => {
    expect(await verifyReceipt(forged(() => {}))).toMatchObject({ equal: true, signedBy: null });
  });
});

describe('verify finds', () => {
  it.each([
    ['the first byte of the values', -1_000_000, /^conv2d/],
    ['the last byte of the values', -1, 'dense/bias'],
    ['a byte of the header', 12, 'conv2d/kernel'],
  ])('%s of a weights file', async (_what, at, tensor) => {
    const copy = copyOf();
    alter(join(copy, 'weights', 'epoch-0002.safetensors'), at);
    const { equal, difference } = await verifyReceipt(copy);
    expect({ equal, difference }).toMatchObject({
      equal: false,
      difference: {
        what: 'file',
        file: 'weights/epoch-0002.safetensors',
        tensor: expect.stringMatching(tensor),
      },
    });
  });

  it('a byte of a checkpoint, and one the receipt does not list', async () => {
    const file = 'checkpoints/epoch-0001.safetensors';
    const copy = copyOf();
    alter(join(copy, file), -1);
    expect(await verifyReceipt(copy, { epochs: [2] })).toMatchObject({ difference: { what: 'file', file } });
    const unlisted = forged(({ files }) => delete files[file]);
    alter(join(unlisted, file), -1);
    expect(await verifyReceipt(unlisted, { epochs: [2] })).toMatchObject({
      equal: false,
      difference: { what: 'state', epoch: 1, tensor: 'rmsprop/dense/bias/velocity', element: null },
    });
  });

  it.each<[string, (receipt: Receipt) => void, object]>([
    ['another batch size', ({ options }) => (options.batchSize = 2), { what: 'state', epoch: 1 }],
    ['another seed', ({ options }) => (options.seed = 7), { what: 'state', epoch: 0, tensor: 'conv2d/kernel' }],
    ['another number of pictures', ({ options }) => (options.samples = 8), { what: 'fact', name: 'dataHash' }],
    ['another loss', ({ epochs }) => (epochs[1]!.means['loss'] = '0.5'), { what: 'fact', epoch: 2, name: 'loss' }],
    ['another number of steps', (it) => (it.steps = 2), { what: 'fact', epoch: 2, name: 'steps' }],
    ['other classes', (it) => (it.classNames = ['dogs', 'cats']), { what: 'fact', name: 'classNames.0' }],
    [
      'another learning rate',
      ({ compile }) => Object.assign(compile.optimizer!.config, { learning_rate: 0.002 }),
      { what: 'fact', name: 'compile.optimizer.config.learning_rate', recorded: '0.002', found: '0.001' },
    ],
    ['another tensor', ({ tensors }) => (tensors[1]![0] = 'bias'), { what: 'fact', name: 'tensors.1.0' }],
    ['other predictions', (it) => (it.predictionsHash = it.dataHash), { what: 'fact', name: 'predictionsHash' }],
    [
      'another root of an epoch',
      ({ epochs: [first] }) => {
        first!.leaves[0] = first!.leaves[1]!;
        first!.root = rootOf(first!.leaves);
      },
      { what: 'state', epoch: 1, tensor: 'conv2d/kernel', element: null },
    ],
  ])('%s, in a receipt forged to look whole', async (_what, change, difference) => {
    expect(await verifyReceipt(forgedAlone(change))).toMatchObject({ equal: false, difference });
  });

  it('the element, where its kept value was forged together with the receipt', async () => {
    const { dir, at, was } = await forgedWeight();
    const { difference } = await verifyReceipt(dir);
    expect(difference).toMatchObject({
      what: 'state',
      epoch: 2,
      tensor: 'dense/bias',
      element: { tensor: 'dense/bias', at, b: { decimal: was }, ulp: 1, differing: 1, elements: 1 },
    });
  });

  it('a byte of a picture', async () => {
    const pictures = join(folder, 'pictures');
    for (const [i, name] of ['cats', 'dogs'].entries()) {
      mkdirSync(join(pictures, name), { recursive: true });
      for (const number of [1, 2]) {
        const pixels = Buffer.alloc(80 * 80 * 3, 50 * i + 60 * number);
        const raw = { width: 80, height: 80, channels: 3 as const };
        const jpeg = sharp(pixels, { raw }).composite([
          { input: Buffer.alloc(40 * 40 * 3, 9), raw: { width: 40, height: 40, channels: 3 } },
        ]);
        await jpeg.jpeg().toFile(join(pictures, name, `${number}.jpg`));
      }
    }
    const out = join(folder, 'pictured');
    await train({ ...options, samples: 4, epochs: 1, data: pictures, out });
    expect(await verifyReceipt(out)).toMatchObject({ equal: true });
    alter(join(pictures, 'dogs', '2.jpg'), -40);
    expect(await verifyReceipt(out)).toMatchObject({
      equal: false,
      difference: { what: 'fact', epoch: 0, name: 'dataHash' },
    });
  });
});

/** A run whose last bias was changed by one unit in the last place, in the file, in its hash and in the leaves. */
async function forgedWeight(): Promise<{ dir: string; at: number[]; was: string }> {
  const { readSafetensors, writeSafetensors } = await import('../../lib/index.js');
  const { hashTensors, tensorHash } = await import('../../lib/trace/index.js');
  const source = join(folder, 'forged-weights.safetensors');
  const { tensors } = readSafetensors(join(run, 'weights', 'epoch-0002.safetensors'));
  const bias = tensors.at(-1)!;
  const was = String(Number(bias.data[0]!.toPrecision(9)));
  new Int32Array(bias.data.buffer)[0]! += 1;
  writeSafetensors(source, { tensors, metadata: {} });
  const dir = forged((receipt) => {
    const { epochs, files } = receipt;
    files['weights/epoch-0002.safetensors'] = sha256(readFileSync(source));
    for (const file of ['checkpoint.safetensors', 'checkpoints/epoch-0002.safetensors', 'history.jsonl']) {
      rmSync(join(folder, `copy-${copies}`, file));
    }
    epochs[1]!.leaves[tensors.length - 1] = tensorHash(bias);
    epochs[1]!.root = rootOf(epochs[1]!.leaves);
    epochs[1]!.weightsHash = hashTensors(tensors);
    receipt.weightsHash = epochs[1]!.weightsHash;
  });
  cpSync(source, join(dir, 'weights', 'epoch-0002.safetensors'));
  return { dir, at: [0], was };
}

describe('verify refuses', () => {
  const path = (dir: string) => join(dir, 'receipt.json');

  it('a root that is not that of its leaves', async () => {
    const dir = forged(({ epochs, initial }) => (epochs[1]!.root = initial.root));
    await expect(verifyReceipt(dir)).rejects.toThrow(
      `receipt: expected an unaltered receipt '${path(dir)}', got one whose root of epoch 2 is not that of its leaves`,
    );
  });

  it('a signature made over another body, by another key, or none where a key is asked for', async () => {
    const dir = copyOf();
    const { hash, signature, ...body } = JSON.parse(readFileSync(path(dir), 'utf8')) as Receipt;
    const other = { ...body, options: { ...body.options, batchSize: 4 } };
    writeFileSync(path(dir), encode({ ...other, hash: sha256(encode(other)), signature }));
    await expect(verifyReceipt(dir)).rejects.toThrow(
      `receipt: expected an unaltered receipt '${path(dir)}', got one with a wrong signature`,
    );
    await expect(verifyReceipt(run, { key: otherPem })).rejects.toThrow(
      `verify: expected a receipt signed by the key '${otherPem}', got one by another key`,
    );
    await expect(
      verifyReceipt(
        forged(() => {}),
        { key: publicPem },
      ),
    ).rejects.toThrow(`verify: expected a receipt signed by the key '${publicPem}', got one without signature`);
  });

  it('an epoch whose beginning was not kept, and one there is none', async () => {
    const dir = copyOf();
    rmSync(join(dir, 'checkpoints'), { recursive: true });
    await expect(verifyReceipt(dir, { epochs: [2] })).rejects.toThrow(
      `verify: expected the checkpoint '${join(dir, 'checkpoints', 'epoch-0001.safetensors')}' to compute epoch 2 ` +
        'alone, got none; train with --checkpoints all, or verify the whole training',
    );
    await expect(verifyReceipt(dir, { epochs: [3] })).rejects.toThrow('verify: expected epochs from 1 to 2, got 3');
  });

  it('an atomic training and another contract', async () => {
    const atomic = forged((receipt) => {
      receipt.options.mode = 'atomic';
      receipt.target = receipt.target.replace('deterministic', 'atomic');
    });
    await expect(verifyReceipt(atomic)).rejects.toThrow(
      'verify: expected a deterministic training, got an atomic one; atomic mode does not repeat itself; compare two ' +
        'runs with samebits diff',
    );
    const { contract } = capabilities();
    await expect(verifyReceipt(forged((receipt) => (receipt.contract = contract + 1)))).rejects.toThrow(
      `verify: expected contract ${contract} of this build, got ${contract + 1}`,
    );
  });
});

// Going on with a run: all settings come from its folder, what is asked beside them is compared with what is there before
// anything is written, and one training at a time works in a folder.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileHash } from '../../../lib/files/index.js';
import { type TrainOptions, type TrainRequest, type TrainResult, train, verifyReceipt } from '../../../lib/index.js';
import { settingNames } from '../../../lib/settings/index.js';
import { bitsOf, small } from '../../determinism/trainings.js';

const folder = mkdtempSync(join(tmpdir(), 'samebits-goes-on-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (...path: string[]) => join(folder, ...path);

/** Every setting given, none with its default. */
const options: TrainOptions = {
  ...small,
  samples: 4,
  batchSize: 2,
  epochs: 2,
  isa: 'scalar',
  atomic: ['dense.weightGradient', 'conv2d.weightGradient'],
  arrivalSeed: 7,
  flip: { step: 2, tensor: 'dense/kernel', index: 3, bit: 1 },
  damaged: 'skip',
  checkpoints: 'all',
  keepSteps: 3,
  trace: 'steps',
  traceValues: 1,
};

async function stopped(out: string, settings: TrainOptions): Promise<void> {
  const stop = new AbortController();
  const onStep = () => stop.abort(new Error('stopped'));
  await expect(train({ ...settings, out }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
}

/** Hashes of all files below a folder. */
const hashesIn = (place: string) =>
  Object.fromEntries(
    readdirSync(place, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(place.length), fileHash(path)]),
  );

describe('a run that is gone on with', () => {
  let want: TrainResult;
  beforeAll(async () => {
    want = await train({ ...options, out: at('straight') });
    await stopped(at('stopped'), options);
  });

  it('needs its folder alone, has all its settings, and ends as one that never stopped', async () => {
    cpSync(at('stopped'), at('alone'), { recursive: true });
    const notes: string[] = [];
    const result = await train({ resume: at('alone') }, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual([
      `going on with '${at('alone')}', after step 1 of epoch 1 of 2: keras_convnet, data 'synthetic'`,
    ]);
    expect(bitsOf(result)).toEqual(bitsOf(want));
    const { out: _, ...settings } = want.settings;
    expect(result.settings).toEqual({ ...settings, resume: at('alone') });
    expect(readFileSync(at('alone', 'trace.bin')).equals(readFileSync(at('straight', 'trace.bin')))).toBe(true);
    expect(Object.keys(hashesIn(at('alone'))).sort()).toEqual(Object.keys(hashesIn(at('straight'))).sort());
  });

  it('takes the files of its epochs along into another folder, whose receipt is whole and verified', async () => {
    await train({ ...options, epochs: 1, out: at('here') });
    const result = await train({ resume: at('here'), epochs: 2, out: at('there') });
    expect(result.weightsHash).toBe(want.weightsHash);
    const names = (place: string) => Object.keys(hashesIn(at(place))).sort();
    expect(names('there')).toEqual(names('straight'));
    for (const part of ['weights', 'checkpoints']) {
      expect(hashesIn(at('there', part))).toMatchObject(hashesIn(at('here', part)));
    }
    expect(await verifyReceipt(at('there'))).toMatchObject({ equal: true, epochs: [1, 2] });
  });

  it('is refused in another folder where the weights of an epoch are gone, and leaves nothing there', async () => {
    const gone = at('here', 'weights', 'epoch-0001.safetensors');
    rmSync(gone);
    await expect(train({ resume: at('here'), epochs: 2, out: at('nothing') })).rejects.toThrow(
      `resume: expected the weights of epoch 1 in '${gone}', got none`,
    );
    expect(existsSync(at('nothing')) ? readdirSync(at('nothing')) : []).toEqual([]);
  });

  it('may be asked for with any of its own settings beside, drawn with seed 5, and with other places', async () => {
    const free = [
      ...['device', 'isa', 'threads', 'out', 'resume', 'sign', 'data', 'validation', 'tensorboard', 'dataCheck'],
    ];
    const own = settingNames.filter((name) => !free.includes(name));
    await fc.assert(
      fc.asyncProperty(fc.subarray(own), async (names) => {
        const given = Object.fromEntries(names.map((name) => [name, options[name]]));
        const finished = await train({
          ...given,
          isa: 'auto',
          threads: 1,
          resume: at('straight'),
        } as TrainRequest);
        expect(finished.weightsHash).toBe(want.weightsHash);
      }),
      { seed: 5, numRuns: 30 },
    );
  });

  const differing: [Partial<TrainOptions>, string, string][] = [
    [{ model: 'mini_xception' }, "model 'keras_convnet'", "'mini_xception'"],
    [{ samples: 5 }, 'samples 4', '5'],
    [{ imageSize: 80 }, 'imageSize 78', '80'],
    [{ batchSize: 3 }, 'batchSize 2', '3'],
    [{ seed: 0 }, 'seed 1001', '0'],
    [{ mode: 'atomic' }, "mode 'deterministic'", "'atomic'"],
    [
      { atomic: ['dense.weightGradient'] },
      "atomic ['conv2d.weightGradient', 'dense.weightGradient']",
      "['dense.weightGradient']",
    ],
    [{ arrivalSeed: 8 }, 'arrivalSeed 7', '8'],
    [
      { flip: { step: 2, tensor: 'dense/kernel', index: 4, bit: 1 } },
      "flip 'step=2,tensor=dense/kernel,index=3,bit=1'",
      "'step=2,tensor=dense/kernel,index=4,bit=1'",
    ],
    [{ damaged: 'refuse' }, "damaged 'skip'", "'refuse'"],
    [{ checkpoints: 'last' }, "checkpoints 'all'", "'last'"],
    [{ keepSteps: 0 }, 'keepSteps 3', '0'],
    [{ trace: 'ops' }, "trace 'steps'", "'ops'"],
    [{ traceValues: 2 }, 'traceValues 1', '2'],
    [{ maxPixels: 5 }, 'maxPixels none', '5'],
    [{ validationSamples: 5 }, 'validationSamples none', '5'],
    [{ validationFraction: 0.5 }, 'validationFraction none', '0.5'],
    [{ splitSeed: 5 }, 'splitSeed none', '5'],
    [{ augment: ['flip'] }, 'augment none', "['flip']"],
    [{ dataOptions: { channels: 1 } }, 'dataOptions none', "['channels=1']"],
    [{ freeze: ['conv2d*'] }, 'freeze none', "['conv2d*']"],
    [{ optimizer: 'sgd' }, 'optimizer none', "'sgd'"],
    [{ schedule: 'cosine' }, 'schedule none', "'cosine'"],
    [{ loss: 'meanSquaredError' }, 'loss none', "'meanSquaredError'"],
    [{ metrics: ['accuracy'] }, 'metrics none', "['accuracy']"],
    [{ callbacks: ['earlyStopping'] }, 'callbacks none', "['earlyStopping']"],
    [{ classWeight: { 1: 2 } }, 'classWeight none', "['1=2']"],
    [{ modelOptions: { units: 3, augmentation: false } }, 'modelOptions none', "['augmentation=false', 'units=3']"],
  ];
  it.each(differing)('is refused by the name of what differs: %o', async (change, there, here) => {
    const before = hashesIn(at('stopped'));
    await expect(train({ ...change, resume: at('stopped') })).rejects.toThrow(
      `resume: expected ${there} of the run '${at('stopped')}', got ${here}; a training goes on with the settings it began with`,
    );
    expect(hashesIn(at('stopped'))).toEqual(before);
  });

  it('is compared setting by setting: none is left out of the list above', () => {
    const compared = differing.map(([change]) => Object.keys(change)[0]);
    const free = [
      'device',
      'isa',
      'threads',
      'out',
      'resume',
      'sign',
      'data',
      'validation',
      'weights',
      'tensorboard',
      'epochs',
      'dataCheck',
    ];
    expect([...compared, ...free].sort()).toEqual([...settingNames].sort());
  });

  it('is refused where it is no run, or its settings are none', async () => {
    await expect(train({ resume: at('nowhere') })).rejects.toThrow(
      `resume: expected the folder of a run, got '${at('nowhere')}' without settings.json`,
    );
    expect(existsSync(at('nowhere'))).toBe(false);
    mkdirSync(at('odd'));
    writeFileSync(at('odd', 'settings.json'), '{"model": 3}');
    await expect(train({ resume: at('odd') })).rejects.toThrow(
      `resume: expected the settings of a run in '${at('odd', 'settings.json')}', got no valid model`,
    );
  });
});

describe('epochs that are asked for', () => {
  const plain: TrainOptions = { ...small, samples: 4, batchSize: 2 };
  const run = () => at('epochs');
  beforeAll(() => train({ ...plain, out: run() }));

  it('if the run has just as many: it is finished already, and no file is touched', async () => {
    const before = hashesIn(run());
    for (const epochs of [undefined, 2]) {
      const notes: string[] = [];
      const request = { resume: run(), ...(epochs !== undefined && { epochs }) };
      const result = await train(request, { onNote: (note) => notes.push(note) });
      expect(notes).toEqual([`finished already: '${run()}' has its 2 epochs`]);
      expect(result).toEqual(JSON.parse(readFileSync(join(run(), 'result.json'), 'utf8')));
    }
    expect(hashesIn(run())).toEqual(before);
  });

  it('if it has more: they are refused, and its receipt is still good', async () => {
    const before = hashesIn(run());
    await expect(train({ resume: run(), epochs: 1 })).rejects.toThrow(
      'resume: expected epochs to be no fewer than the run has begun (epoch 2), got 1',
    );
    expect(hashesIn(run())).toEqual(before);
    expect(await verifyReceipt(run())).toMatchObject({ equal: true, difference: null });
    const cut = at('begun');
    const stop = new AbortController();
    const onStep = ({ epoch }: { epoch: number }) => epoch === 2 && stop.abort(new Error('stopped'));
    await expect(train({ ...plain, out: cut }, { onStep, signal: stop.signal })).rejects.toThrow('stopped');
    await expect(train({ resume: cut, epochs: 1 })).rejects.toThrow(
      'resume: expected epochs to be no fewer than the run has begun (step 1 of epoch 2), got 1',
    );
  });

  it('if it has fewer: it goes on as one that had them all, and keeps its receipt until the new one is whole', async () => {
    const receipt = readFileSync(join(run(), 'receipt.json'), 'utf8');
    const kept: string[] = [];
    const onStep = () => void kept.push(readFileSync(join(run(), 'receipt.json'), 'utf8'));
    const longer = await train({ resume: run(), epochs: 3 }, { onStep });
    expect(kept).toEqual([receipt, receipt]);
    expect(bitsOf(longer)).toEqual(bitsOf(await train({ ...plain, epochs: 3 })));
    expect(await verifyReceipt(run())).toMatchObject({ equal: true, epochs: [1, 2, 3] });
    expect(JSON.parse(readFileSync(join(run(), 'settings.json'), 'utf8')).epochs).toBe(3);
    expect((await train({ resume: run() })).weightsHash).toBe(longer.weightsHash);
  });
});

describe('pictures that have moved', () => {
  const pictures = async (place: string, shade: number) => {
    for (const [i, name] of ['cats', 'dogs'].entries()) {
      mkdirSync(join(place, name), { recursive: true });
      const background = { r: shade, g: 60 * i, b: 90 };
      const png = await sharp({ create: { width: 78, height: 78, channels: 3, background } })
        .png()
        .toBuffer();
      for (const number of [1, 2]) writeFileSync(join(place, name, `${number}.png`), png);
    }
  };

  it('are named where they are missing, given anew where they lie now, and refused where they are others', async () => {
    await pictures(at('photos'), 10);
    const { samples: _, ...settings } = { ...small, batchSize: 2, epochs: 1, data: at('photos') };
    await stopped(at('moved'), settings);
    cpSync(at('photos'), at('elsewhere'), { recursive: true });
    rmSync(at('photos'), { recursive: true });
    await expect(train({ resume: at('moved') })).rejects.toThrow(
      `resume: expected the data of the run in '${at('photos')}', got none; say by data where they lie now`,
    );
    await pictures(at('others'), 11);
    await expect(train({ resume: at('moved'), data: at('others') })).rejects.toThrow(
      new RegExp(`^resume: expected the data of the training, sha256:\\w+, in '${at('others')}', got sha256:\\w+$`),
    );
    expect(JSON.parse(readFileSync(at('moved', 'settings.json'), 'utf8')).data).toBe(at('photos'));
    const result = await train({ resume: at('moved'), data: at('elsewhere') });
    expect(result.settings.data).toBe(at('elsewhere'));
    expect(JSON.parse(readFileSync(at('moved', 'settings.json'), 'utf8')).data).toBe(at('elsewhere'));
  });
});

describe('a folder in which something lies', () => {
  const one: TrainOptions = { ...small, samples: 4, epochs: 1 };
  const refused = async (place: string, what: string, hint: string) => {
    const before = hashesIn(place);
    await expect(train({ ...one, out: place })).rejects.toThrow(
      `train: expected out to be a new or empty folder, got '${place}' with ${what}; ${hint}`,
    );
    expect(hashesIn(place)).toEqual(before);
  };

  it('is not trained into, and it is said what lies there', async () => {
    const folders = ['other', 'experiment', 'early'];
    for (const name of folders) mkdirSync(at('lies', name), { recursive: true });
    writeFileSync(at('lies', 'other', 'notes.txt'), '');
    writeFileSync(at('lies', 'experiment', 'experiment.json'), '{}');
    writeFileSync(at('lies', 'early', 'settings.json'), '{}');
    await stopped(at('lies', 'stopped'), { ...one, epochs: 2 });
    const another = 'choose another folder';
    await refused(at('lies', 'other'), 'other files', another);
    await refused(at('lies', 'experiment'), 'an experiment', another);
    await refused(
      at('lies', 'early'),
      'a training that was ended before its first step',
      `${another}, or begin it again by resume`,
    );
    await refused(at('lies', 'stopped'), 'a training that is not finished', `${another}, or go on with it by resume`);
  });

  it('is held by one training: a second one is refused before any work, and the first ends as if alone', async () => {
    const out = at('two');
    const phases: string[] = [];
    let second: Promise<unknown> = Promise.resolve();
    const onStep = () => {
      second = Promise.all([
        expect(train({ ...one, seed: 2, out }, { onPhase: (phase) => phases.push(phase) })).rejects.toThrow(
          `train: expected a folder that no other process works in, got '${out}', held by process ${process.pid} of host `,
        ),
        expect(train({ resume: out }, { onPhase: (phase) => phases.push(phase) })).rejects.toThrow(
          `resume: expected a folder that no other process works in, got '${out}', held by process ${process.pid} of host `,
        ),
      ]);
    };
    const first = await train({ ...one, out }, { onStep });
    await second;
    expect(phases).toEqual([]);
    expect(await verifyReceipt(out)).toMatchObject({ equal: true });
    expect(bitsOf(first)).toEqual(bitsOf(await train(one)));
    expect(readdirSync(out)).not.toContain('owner.json');
  });
});

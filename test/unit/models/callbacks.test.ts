// Callbacks of fit: their order, an end that is asked for, lists of them, and the files that some write.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  callbacks,
  createRuntime,
  type FitCallbacks,
  loadWeights,
  readSafetensors,
  weightsHash,
} from '../../../lib/index.js';
import { compileOptions, halves, small } from './small_model.js';

const runtime = createRuntime({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), 'samebits-told-'));
afterAll(() => {
  runtime.dispose();
  rmSync(folder, { recursive: true });
});
const compile = compileOptions(runtime);
const data = halves(10);
const options = { epochs: 2, batchSize: 4, validationData: halves(4) };
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('callbacks', () => {
  it('are told in order, each of the list in turn, and waited for', async () => {
    const told: string[] = [];
    const teller = (who: string, wait: boolean): FitCallbacks => {
      const say = async (what: string) => {
        if (wait) await later();
        told.push(`${who} ${what}`);
      };
      return {
        onTrainBegin: ({ epochs, steps, measures, done }) =>
          say(`train ${epochs} ${steps} ${measures.join()} ${done.length}`),
        onEpochBegin: (epoch) => say(`epoch ${epoch}`),
        onBatchBegin: ({ epoch, step, steps }) => say(`batch ${epoch}.${step}/${steps}`),
        onBatchEnd: ({ progress }) => say(`done ${progress.step}`),
        onValidationBegin: (epoch) => say(`validate ${epoch}`),
        onEpochEnd: ({ epoch }) => say(`end ${epoch}`),
        onTrainEnd: (history) => say(`ended ${history.length}`),
      };
    };
    const net = small().compile(compile);
    await net.fit(data, { ...options, callbacks: [teller('a', true), teller('b', false)] });
    const batch = (epoch: number, step: number) => [`batch ${epoch}.${step}/3`, `done ${step + 1}`];
    const epoch = (n: number) => [
      `epoch ${n}`,
      ...[0, 1, 2].flatMap((step) => batch(n, step)),
      `validate ${n}`,
      `end ${n}`,
    ];
    const all = ['train 2 3 loss,accuracy,valLoss,valAccuracy 0', ...epoch(0), ...epoch(1), 'ended 2'];
    expect(told).toEqual(all.flatMap((one) => [`a ${one}`, `b ${one}`]));
    net.dispose();
  });

  it('stop a training after a batch or an epoch; what was measured is kept, and the next fit goes on', async () => {
    const net = small().compile(compile);
    const inEpoch: FitCallbacks = {
      onBatchEnd({ progress }) {
        net.stopTraining = progress.step === 2;
      },
    };
    const [only, ...none] = await net.fit(data, { ...options, callbacks: inEpoch });
    expect([none.length, net.iterations, Object.keys(only!.logs)]).toEqual([
      0,
      2,
      ['loss', 'accuracy', 'valLoss', 'valAccuracy'],
    ]);
    const behind: FitCallbacks = {
      onEpochEnd() {
        net.stopTraining = true;
      },
    };
    const history = await net.fit(data, { ...options, callbacks: [behind] });
    expect(history.map(({ epoch }) => epoch)).toEqual([1]);
    expect(net.stopTraining).toBe(true);
    expect((await net.fit(data, options)).length).toBe(2);
    expect(net.stopTraining).toBe(false);
    net.dispose();
  });

  it('of this package leave no trace where they change nothing', async () => {
    const trained = async (list: FitCallbacks[]) => {
      const net = small().compile(compile);
      await net.fit(data, { ...options, callbacks: list });
      return weightsHash(net);
    };
    const still = [
      callbacks.earlyStopping({ patience: 9 }),
      callbacks.reduceLROnPlateau(),
      callbacks.csvLogger({ filename: join(folder, 'still.csv') }),
    ];
    expect(await trained(still)).toBe(await trained([]));
  });

  it('bring the best weights back, and know what they did', async () => {
    const net = small().compile(compile);
    const hashes: string[] = [];
    const best = callbacks.earlyStopping({ monitor: 'loss', minDelta: 100, patience: 2, restoreBestWeights: true });
    const history = await net.fit(data, {
      ...options,
      epochs: 9,
      callbacks: [best, { onEpochEnd: () => void hashes.push(weightsHash(net)) }],
    });
    expect(history.length).toBe(3);
    expect([best.stoppedEpoch, best.bestEpoch, best.best]).toEqual([2, 0, history[0]!.logs['loss']]);
    expect(weightsHash(net)).toBe(hashes[0]);
    expect(hashes[0]).not.toBe(hashes[2]);
  });

  it.each<[string, () => FitCallbacks | readonly FitCallbacks[]]>([
    ['fit callbacks: expected onEpochEnd to be a function, got 3', () => [{}, { onEpochEnd: 3 as never }]],
    [
      "earlyStopping: expected monitor to be one of 'loss', 'accuracy', 'valLoss', 'valAccuracy', got 'val_loss'",
      () => [callbacks.earlyStopping({ monitor: 'val_loss' })],
    ],
    ['earlyStopping: expected patience to be an integer >= 0, got -1', () => callbacks.earlyStopping({ patience: -1 })],
    [
      'reduceLROnPlateau: expected factor to be a number >= 0, below 1, got 1',
      () => callbacks.reduceLROnPlateau({ factor: 1 }),
    ],
    [
      "modelCheckpoint: expected filePath to end in .safetensors, got 'a.keras'",
      () => callbacks.modelCheckpoint({ filePath: 'a.keras' }),
    ],
    [
      "modelCheckpoint: expected saveFreq 'epoch' beside saveBestOnly, got 3; what is measured is known after an epoch",
      () => callbacks.modelCheckpoint({ filePath: 'a.safetensors', saveFreq: 3, saveBestOnly: true }),
    ],
    ["csvLogger: expected filename to be a path, got ''", () => callbacks.csvLogger({ filename: '' })],
    [
      'learningRateScheduler: expected schedule to be a function or a schedule, got undefined',
      () => callbacks.learningRateScheduler({} as never),
    ],
  ])('are refused before any step: %s', async (message, make) => {
    const net = small().compile(compile);
    const start = async () => net.fit(data, { ...options, callbacks: make() });
    await expect(start()).rejects.toThrow(expect.objectContaining({ message }));
    expect(net.iterations).toBe(0);
  });

  it('that compare know which way is better of the metrics of this package alone', async () => {
    const own = { name: 'own', start: () => 0, update: () => 1, merge: () => 1, result: () => 1 };
    const net = small().compile({ ...compile, metrics: [own, 'mae', 'auc'] });
    const stops = (monitor: string) => net.fit(data, { ...options, callbacks: [callbacks.earlyStopping({ monitor })] });
    await stops('valMae');
    await stops('auc');
    const message =
      "earlyStopping: expected mode 'min' or 'max' beside monitor 'valOwn', got 'auto'; nothing tells which way is better";
    await expect(stops('valOwn')).rejects.toThrow(expect.objectContaining({ message }));
  });

  it('that change the rate refuse an optimizer that has a schedule', async () => {
    const net = small().compile({
      ...compile,
      optimizer: 'sgd:learningRate=(exponentialDecay:initialLearningRate=1,decaySteps=2,decayRate=0.5)',
    });
    const message = 'reduceLROnPlateau: expected an optimizer whose learningRate is a number, got a schedule';
    await expect(net.fit(data, { ...options, callbacks: callbacks.reduceLROnPlateau() })).rejects.toThrow(
      expect.objectContaining({ message }),
    );
  });
});

describe('learningRateScheduler', () => {
  it('gives each epoch its rate, by a function of the one before or by a schedule', async () => {
    const rates = async (schedule: callbacks.LearningRateSchedulerOptions['schedule']) => {
      const net = small().compile({ ...compile, optimizer: 'sgd:learningRate=0.5' });
      const seen: (number | undefined)[] = [];
      const watch: FitCallbacks = { onBatchBegin: ({ step }) => void (step === 0 && seen.push(net.learningRate)) };
      await net.fit(data, { ...options, epochs: 3, callbacks: [callbacks.learningRateScheduler({ schedule }), watch] });
      return seen;
    };
    expect(await rates((epoch, rate) => (epoch === 0 ? rate : rate / 4))).toEqual([0.5, 0.125, 0.03125]);
    expect(await rates('stepDecay:initialLearningRate=0.5,stepSize=1,gamma=0.5')).toEqual([0.5, 0.25, 0.125]);
  });
});

describe('files', () => {
  it('csvLogger keeps a row an epoch, and appends where it is told to', async () => {
    const filename = join(folder, 'log.csv');
    const net = small().compile(compile);
    const logged = (append: boolean) =>
      net.fit(data, { ...options, callbacks: [callbacks.csvLogger({ filename, append })] });
    const rows = () => readFileSync(filename, 'utf8').trim().split('\r\n');
    const [first] = await logged(false);
    expect(rows()[0]).toBe('epoch,loss,accuracy,valLoss,valAccuracy');
    expect(rows()[1]).toBe(['0', ...Object.values(first!.logs)].join());
    await logged(true);
    expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '0', '1', '2', '3']);
    await logged(false);
    expect(rows().map((row) => row.split(',')[0])).toEqual(['epoch', '4', '5']);
  });

  it('modelCheckpoint writes epochs, batches or the best, weights alone or all', async () => {
    const write = async (given: Omit<callbacks.ModelCheckpointOptions, 'filePath'>, name: string) => {
      const net = small().compile(compile);
      const path = join(folder, name);
      const hashes: string[] = [];
      const list = [
        callbacks.modelCheckpoint({ ...given, filePath: path }),
        { onEpochEnd: () => void hashes.push(weightsHash(net)) },
      ];
      const history = await net.fit(data, { ...options, callbacks: list });
      return { net, hashes, history };
    };
    const there = (start: string) =>
      readdirSync(folder)
        .filter((name) => name.startsWith(start))
        .sort();
    const { hashes, history } = await write({ saveWeightsOnly: true }, 'e{epoch:02d}-{valLoss:.3f}.safetensors');
    const named = history.map(({ epoch, logs }) => `e0${epoch + 1}-${logs['valLoss']!.toFixed(3)}.safetensors`);
    expect(there('e0')).toEqual(named);
    const net = small().compile(compile);
    await loadWeights(net, join(folder, named[0]!));
    expect(weightsHash(net)).toBe(hashes[0]);
    await write({ saveFreq: 4 }, 'b{epoch}-{batch}.safetensors');
    expect(there('b')).toEqual(['b2-1.safetensors']);
    const { metadata, tensors } = readSafetensors(join(folder, 'b2-1.safetensors'));
    expect(Object.keys(metadata).sort()).toEqual(['epochs', 'iterations', 'model', 'optimizer']);
    expect(tensors.length).toBeGreaterThan(net.weights.length);
    await write({ saveBestOnly: true, monitor: 'loss', initialValueThreshold: 0 }, 'none.safetensors');
    expect(existsSync(join(folder, 'none.safetensors'))).toBe(false);
    await write({ saveBestOnly: true, monitor: 'loss' }, 'best.safetensors');
    expect(existsSync(join(folder, 'best.safetensors'))).toBe(true);
    const message =
      "modelCheckpoint: expected filePath to name one of 'loss', 'accuracy', 'valLoss', 'valAccuracy', 'epoch', got '{nothing}'";
    await expect(write({}, '{nothing}.safetensors')).rejects.toThrow(expect.objectContaining({ message }));
  });
});

describe('weights and layers', () => {
  it('getWeights and setWeights carry the weights of a model or a layer over', () => {
    const [one, other] = [small().compile(compile), small().compile({ ...compile, seed: 9 })];
    expect(weightsHash(one)).not.toBe(weightsHash(other));
    other.setWeights(one.getWeights());
    expect(weightsHash(other)).toBe(weightsHash(one));
    const dense = one.getLayer('dense');
    expect(dense).toBe(one.getLayer(1));
    const [kernel, bias] = dense.getWeights();
    dense.setWeights([kernel!.map((value) => value * 2), bias!]);
    expect(weightsHash(other)).not.toBe(weightsHash(one));
    const refused = (message: string, set: () => void) => expect(set).toThrow(expect.objectContaining({ message }));
    refused('dense: expected values of 2 weights, got 1', () => dense.setWeights([kernel!]));
    refused('dense: expected 8 values of bias [8], got 16', () => dense.setWeights([kernel!, kernel!]));
    refused("sequential: expected a layer named 'input_layer', 'dense', 'dropout', 'dense_1', got 'conv2d'", () =>
      one.getLayer('conv2d'),
    );
    refused('sequential: expected a place from 0 to 3, got 7', () => one.getLayer(7));
  });

  it('a layer that is frozen before compile stays as it is, and learns after the next', async () => {
    const net = small();
    net.getLayer('dense').trainable = false;
    net.compile(compile);
    expect(net.countParams()).toEqual({ total: 33, trainable: 9 });
    const before = net.getLayer('dense').getWeights();
    await net.fit(data, options);
    expect(net.getLayer('dense').getWeights()).toEqual(before);
    net.getLayer('dense').trainable = true;
    await net.fit(data, options);
    expect(net.getLayer('dense').getWeights()).toEqual(before);
    net.compile(compile);
    await net.fit(data, options);
    expect(net.getLayer('dense').getWeights()).not.toEqual(before);
    net.trainable = false;
    expect(net.countParams().trainable).toBe(0);
    expect(() => {
      net.trainable = 1 as never;
    }).toThrow(expect.objectContaining({ message: 'input_layer: expected trainable to be true or false, got 1' }));
  });
});

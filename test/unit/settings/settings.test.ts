// One table of settings: what is derived from it fits together, and words of the command line read back what they say.

import { describe, expect, it } from 'vitest';
import {
  argumentsOf,
  checkSettings,
  flagOf,
  identityOf,
  inNeed,
  rowOf,
  type SettingName,
  settingNames,
  settingsFor,
  settingsSchema,
  type TrainOptions,
  withDefaults,
} from '../../../lib/settings/index.js';

/** Every setting of a training, none with its default. */
const all: Required<TrainOptions> = {
  model: 'keras_convnet',
  modelOptions: { units: 3, augmentation: false, name: 'a=b' },
  weights: 'pytorch:resnet.safetensors',
  freeze: ['block*', '!head'],
  data: 'synthetic',
  validation: 'photos',
  samples: 7,
  validationSamples: 4,
  validationFraction: 0.25,
  splitSeed: 3,
  dataOptions: { channels: 1 },
  augment: ['flip', 'elastic:alpha=9,sigma=2'],
  imageSize: 78,
  epochs: 2,
  batchSize: 3,
  seed: 0,
  optimizer: 'sgd:learningRate=0.1',
  schedule: 'cosineDecay:initialLearningRate=0.1,decaySteps=10',
  loss: 'meanSquaredError',
  metrics: ['accuracy', 'topK:k=2,name=two'],
  callbacks: ['earlyStopping:patience=3,monitor=loss'],
  classWeight: { 0: 1, 10: 2.5 },
  device: 'cuda',
  isa: 'scalar',
  mode: 'atomic',
  atomic: ['reduce.forward', 'dense.weightGradient'],
  arrivalSeed: 4,
  flip: { step: 1, operation: 3, index: 2, bit: 5 },
  threads: 2,
  damaged: 'skip',
  maxPixels: 9,
  dataCheck: 'contents',
  out: 'runs/a',
  resume: 'runs/b',
  checkpoints: 'all',
  keepSteps: 5,
  sign: 'key.pem',
  trace: 'ops',
  traceValues: 1,
  tensorboard: 'events',
};

describe('the table of settings', () => {
  it('has a flag of its own for each, named as the setting is', () => {
    const flags = settingNames.map(flagOf);
    expect(new Set(flags).size).toBe(flags.length);
    const camel = (flag: string) => flag.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    // Each use of these flags gives one option.
    const single: Partial<Record<SettingName, string>> = { modelOptions: 'modelOption', dataOptions: 'dataOption' };
    const named = (name: SettingName) => single[name] ?? name;
    expect(settingNames.filter((name) => camel(flagOf(name)) !== named(name))).toEqual([]);
  });

  it('is what a child process is asked, and what it reads is the same again', () => {
    const given = argumentsOf(all);
    const read: Partial<Record<SettingName, unknown>> = {};
    // Folders are looked up where they are read; what is read of the others is the value itself.
    const places = ['validation', 'resume'];
    for (let i = 0; i < given.length; i += 2) {
      const name = settingNames.find((one) => flagOf(one) === given[i])!;
      const { read: readText, join } = rowOf(name);
      const value = places.includes(name) ? given[i + 1] : readText(given[i]!, given[i + 1]!);
      read[name] = read[name] === undefined ? value : join!(read[name], value);
    }
    expect(read).toEqual(all);
  });

  it('checks every value, and names the setting', () => {
    expect(() => checkSettings('train', all)).not.toThrow();
    for (const name of settingNames) {
      expect(() => checkSettings('train', { ...all, [name]: [{}] }), name).toThrow(/^(?:train|flip): expected /);
    }
    expect(() => checkSettings('train', { ...all, epoch: 3 } as object)).toThrow(/got 'epoch'; did you mean epochs\?$/);
    expect(() => checkSettings('train', { data: 'synthetic' })).toThrow(
      'train: expected model to be the name of a model, got undefined',
    );
    expect(() => checkSettings('train', { resume: 'runs/a' })).not.toThrow();
  });

  it('fills in defaults, but none that the data give no meaning', () => {
    const { imageSize, ...rest } = withDefaults({ model: 'm', data: 'synthetic', keepSteps: 0, checkpoints: 'last' });
    expect(imageSize).toBe(180);
    expect(rest).toEqual({
      model: 'm',
      data: 'synthetic',
      epochs: 10,
      batchSize: 32,
      seed: 1001,
      device: 'cpu',
      isa: 'auto',
      mode: 'deterministic',
      damaged: 'refuse',
    });
    expect(withDefaults({ model: 'm', data: './digits.mjs' })).not.toHaveProperty('imageSize');
    expect(settingsSchema().safeParse(withDefaults({ model: 'm', data: 'synthetic' })).success).toBe(true);
  });

  it('binds what is computed, in one form for all values that mean the same', () => {
    const { atomic, modelOptions } = all;
    const turned = {
      ...all,
      atomic: atomic.toReversed(),
      modelOptions: Object.fromEntries(Object.entries(modelOptions).reverse()),
    };
    expect(identityOf(turned)).toEqual(identityOf(all));
    expect(identityOf({ ...all, seed: 1 })).not.toEqual(identityOf(all));
    expect(identityOf({ ...all, threads: 9, out: 'elsewhere', epochs: 9 })).toEqual(identityOf(all));
    expect(Object.keys(identityOf({ model: 'm', data: 'synthetic' }))).toEqual(['model']);
  });

  it('knows what means nothing alone', () => {
    expect(inNeed({ trace: 'ops' })).toEqual({ name: 'trace', needs: 'out' });
    expect(inNeed({ out: 'a', traceValues: 2 })).toEqual({ name: 'traceValues', needs: 'trace' });
    expect(inNeed({ checkpoints: 'last', keepSteps: 0 })).toBeUndefined();
    expect(inNeed(all)).toBeUndefined();
  });

  it('gives each command what it takes', () => {
    expect(settingsFor('compare')).not.toContain('mode');
    expect(settingsFor('attribute')).not.toContain('epochs');
    expect(settingsFor('train')).toEqual(settingNames);
  });
});

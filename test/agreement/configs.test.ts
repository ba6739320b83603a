// Configs between Keras and here, both ways: fixtures/keras_configs.jsonl tells what Keras made of the texts that are written
// today (their hashes are held), and its own texts of the same have to be read as the same.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type ClassConfig,
  createRuntime,
  lossConfig,
  lossFrom,
  metricConfig,
  metricFrom,
  modelConfig,
  modelFromConfig,
  optimizerConfig,
  optimizerFrom,
  scheduleConfig,
  scheduleFrom,
  tensor,
} from '../../lib/index.js';
import { root } from '../architecture/sources.js';
import { ourConfigs, scheduleSamples, things } from './config_things.js';

interface Answer {
  read: string;
  keras: ClassConfig;
}
interface Network extends Answer {
  weights: [path: string, shape: number[], trainable: boolean][];
  output: number[] | null;
}
interface Answers {
  version: string;
  networks: Record<string, Network>;
  things: Record<string, Answer>;
  schedules: Record<string, Answer & { rates: number[] }>;
}

const answers: Answers = JSON.parse(readFileSync(join(root, 'test/agreement/fixtures/keras_configs.jsonl'), 'utf8'));
const ours = ourConfigs();
const runtime = createRuntime({ threads: 1 });
afterAll(() => runtime.dispose());

/** A config without what only we keep; the layers of networks by name, as Keras lists them by their depth. */
function common(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list = value.map(common);
    const name = (one: unknown) => String((one as { name?: string } | null)?.name);
    const named =
      list.length > 0 && list.every((one) => typeof one === 'object' && one !== null && 'inbound_nodes' in one);
    return named ? list.sort((a, b) => (name(a) < name(b) ? -1 : 1)) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'samebits');
  return Object.fromEntries(kept.map(([name, one]) => [name, common(one)]));
}

describe(`Keras ${answers.version} reads our configs`, () => {
  const kinds = ['networks', 'things', 'schedules'] as const;
  it.each(kinds)('%s: those of the fixture are those of today (made by keras_configs.py)', (kind) => {
    const hashes = (table: Readonly<Record<string, string>>) =>
      Object.entries(table).map(([name, text]) => [name, createHash('sha256').update(text).digest('hex')]);
    expect(Object.entries(answers[kind]).map(([name, { read }]) => [name, read])).toEqual(hashes(ours[kind]!));
  });
});

describe.each(Object.entries(answers.networks))(
  'the config that Keras writes of %s',
  (name, { keras, weights, output }) => {
    it('is read as the network that it was', () => {
      expect(common(modelConfig(modelFromConfig(keras)))).toEqual(common(JSON.parse(ours['networks']![name]!)));
    });

    it('has the weights that Keras makes', () => {
      const net = modelFromConfig(keras);
      const mine = net.namedWeights().map(({ weight }) => [weight.name, [...weight.shape], weight.trainable]);
      const theirs = weights.map(([path, shape, trainable]) => [path.split('/').at(-1), shape, trainable]);
      const byText = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
      expect(byText(mine)).toEqual(byText(theirs));
    });

    if (output === null) return;
    it('computes what Keras computes with the same weights', () => {
      using net = modelFromConfig(keras);
      net.compile({ runtime, loss: 'binaryCrossentropy' });
      for (const { tensor: values, size } of new Set(net.weights)) {
        values.write(Float32Array.from({ length: size }, (_, j) => (((37 * j + 11 * size) % 101) - 50) / 200));
      }
      const shape = net.sampleShapes.x;
      const size = shape.reduce((a, b) => a * b, 1);
      const x = Float32Array.from({ length: size }, (_, j) => (j % 7) / 7);
      const mine = net.predictOnBatch(tensor(runtime, x, [1, ...shape])).data();
      expect(mine.length).toBe(output.length);
      output.forEach((value, i) => {
        expect(Math.abs(mine[i]! - value)).toBeLessThan(2e-6);
      });
    });
  },
);

describe('what is no network comes back from the config that Keras writes', () => {
  it.each(Object.entries(answers.things))('%s', (name, { keras }) => {
    const { module } = keras;
    const back: Record<string, () => ClassConfig> = {
      'keras.optimizers': () => optimizerConfig(optimizerFrom(keras)),
      'keras.losses': () => lossConfig(lossFrom(keras)),
      'keras.metrics': () => metricConfig(metricFrom(keras, 1)),
    };
    expect(common(back[module!]!())).toEqual(common(things[name]));
  });
});

describe.each(Object.entries(answers.schedules))('schedule %s', (name, { keras, rates }) => {
  it('comes back from the config that Keras writes', () => {
    expect(scheduleConfig(scheduleFrom(keras))).toEqual(scheduleConfig(scheduleSamples[name]!));
  });

  it('gives the rates of Keras, which rounds each step of them to float32', () => {
    rates.forEach((rate, step) => {
      expect(Math.abs(scheduleSamples[name]!.rate(step) - rate)).toBeLessThanOrEqual(1e-6 * rate);
    });
  });
});

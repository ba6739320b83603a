// When callbacks stop, which weights they bring back and how they change the rate: epoch by epoch as Keras (keras_callbacks.py),
// also where a training is gone on with in the middle.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { callbacks, type EpochLogs, type Model, type TrainBegin } from '../../lib/index.js';

interface Row {
  word: 'earlyStopping' | 'reduceLROnPlateau';
  options: Record<string, never>;
  values: (number | null)[];
  stopped: number | null;
  restored: number | null;
  rates: number[];
}

const { keras, rows } = JSON.parse(readFileSync(new URL('fixtures/keras_callbacks.json', import.meta.url), 'utf8')) as {
  keras: string;
  rows: Row[];
};

/** A model whose weights are the number of its epoch. */
class Fake {
  stopTraining = false;
  optimizer = { learningRate: 0.5 };
  compiled = { metrics: [], weightedMetrics: [] };
  epoch = -1;
  restored: number | null = null;
  get learningRate() {
    return Math.fround(this.optimizer.learningRate);
  }
  getWeights = () => [Float32Array.of(this.epoch)];
  setWeights([only]: Float32Array[]) {
    this.restored = only![0]!;
  }
}

/** The rest of a training after so many epochs that are done. */
function run({ word, options, values }: Row, done: number) {
  const model = new Fake();
  const callback = callbacks[word](options);
  const epochs: EpochLogs[] = values.map((value, epoch) => ({
    epoch,
    logs: { loss: 0, valLoss: value ?? Number.NaN },
  }));
  const begin: TrainBegin = {
    model: model as unknown as Model,
    ...{ epochs: values.length, steps: 1, measures: ['loss', 'valLoss'] },
    done: epochs.slice(0, done),
    weightsAfter: (epoch) => [Float32Array.of(epoch)],
  };
  callback.onTrainBegin!(begin);
  const rates: number[] = [];
  let stopped: number | null = null;
  for (const epoch of epochs.slice(done)) {
    if (model.stopTraining) break;
    model.epoch = epoch.epoch;
    callback.onEpochEnd!(epoch);
    rates.push(model.learningRate);
    if (model.stopTraining) stopped = epoch.epoch;
  }
  callback.onTrainEnd?.([]);
  return { rates, stopped, restored: model.restored };
}

describe(`Keras ${keras}`, () => {
  it.each(rows.map((row, i) => ({ ...row, i, said: JSON.stringify(row.options) })))('$i: $word $said', (row) => {
    const { stopped, restored, rates } = row;
    expect(run(row, 0)).toEqual({ stopped, restored, rates });
    const most = (stopped ?? row.values.length) + (stopped === null ? 0 : 1);
    for (let done = 1; done < most; done++) {
      expect({ done, ...run(row, done) }).toEqual({ done, stopped, restored, rates: rates.slice(done) });
    }
  });

  it('stops some and not others, and changes rates in some', () => {
    const stops = rows.filter(({ word }) => word === 'earlyStopping').map(({ stopped }) => stopped);
    expect(new Set(stops).size).toBeGreaterThan(4);
    expect(stops).toContain(null);
    const last = rows.filter(({ word }) => word === 'reduceLROnPlateau').map(({ rates }) => rates.at(-1));
    expect(new Set(last).size).toBeGreaterThan(4);
  });
});

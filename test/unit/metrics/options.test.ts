// What `metrics` takes: names, words, configs and values that do what a metric does. Anything else is refused before any work.

import { describe, expect, it } from 'vitest';
import { show } from '../../../lib/errors/index.js';
import { createRuntime, layers, metricConfig, metricFrom, metrics, sequential } from '../../../lib/index.js';
import { type MetricOption, metricOption } from '../../../lib/metrics/index.js';

const own: metrics.Metric<number> = {
  name: 'count',
  start: () => 0,
  update: (count, { samples }) => count + samples,
  merge: (a, b) => a + b,
  result: (count) => count,
};
const notOne: unknown[] = [null, undefined, 3, true, '', [], {}, { ...own, merge: 1 }, () => 0];
const words = [
  ...['accuracy', 'mae', 'mse', 'auc', 'binaryAccuracy', 'categoricalAccuracy', 'confusionMatrix', 'dice', 'f1Score'],
  ...['fBetaScore', 'meanAbsoluteError', 'meanIoU', 'meanSquaredError', 'precision', 'recall', 'rootMeanSquaredError'],
  ...['sparseCategoricalAccuracy', 'sparseTopKCategoricalAccuracy', 'topKCategoricalAccuracy'],
];

describe('a metric', () => {
  it('of the user is taken as it is', () => {
    expect(metricOption('compile', own, 1)).toBe(own);
  });

  it('called accuracy, mae or mse is called so in the logs; another one by its own name, or as it is told', () => {
    const called = (value: MetricOption, width: number) => metricOption('compile', value, width).name;
    expect(['accuracy', 'mae', 'mse'].map((name) => called(name, 3))).toEqual(['accuracy', 'mae', 'mse']);
    expect(called('accuracy', 1)).toBe('accuracy');
    expect([called('binaryAccuracy', 3), called('categoricalAccuracy:name=hits', 3)]).toEqual([
      'binaryAccuracy',
      'hits',
    ]);
  });

  it.each(notOne.map((value) => [show(value), value]))('is not %s', (got, value) => {
    try {
      metricOption('compile', value as never, 1);
      expect.fail('taken');
    } catch (error) {
      const { message } = error as Error;
      const [, list, what] = /^compile: expected metrics to be one of (.*), got (.*)$/s.exec(message) ?? [];
      expect(list?.split(', ').sort()).toEqual(words.map(show).sort());
      expect(what).toBe(got);
    }
  });

  it.each([
    ['accuracy', 3],
    ['precision:topK=2,average=macro,thresholds=[0.25,0.5]', 3],
    ['recall:classId=1', 3],
    ['fBetaScore:beta=2,average=weighted,threshold=0.5', 3],
    ['f1Score', 3],
    ['auc:curve=PR,multiLabel=true,labelWeights=[1,2,3],average=none', 3],
    ['meanIoU:numClasses=3,ignoreClass=2,average=none', 3],
    ['dice', 3],
    ['confusionMatrix:numClasses=3', 3],
    ['binaryAccuracy:threshold=0.75', 1],
    ['topKCategoricalAccuracy:k=2', 3],
    ['mae', 3],
  ])('%s comes back from its config as it was', (option, width) => {
    const config = metricConfig(metricOption('compile', option, width));
    const again = metricFrom(JSON.parse(JSON.stringify(config)), width);
    expect(metricConfig(again)).toEqual(config);
  });
});

describe('options of metrics', () => {
  it.each<[string, () => unknown]>([
    ['binaryAccuracy: expected threshold to be in (0, 1), got 1', () => metrics.binaryAccuracy({ threshold: 1 })],
    ['precision: expected thresholds to be in [0, 1], got 2', () => metrics.precision({ thresholds: [0.5, 2] })],
    ['precision: expected thresholds to be numbers, got []', () => metrics.precision({ thresholds: [] })],
    ['recall: expected topK to be an integer >= 1, got 0', () => metrics.recall({ topK: 0 })],
    [
      "f1Score: expected average to be one of 'macro', 'micro', 'weighted', got 'mean'",
      () => metrics.f1Score({ average: 'mean' as never }),
    ],
    ['fBetaScore: expected beta to be a number > 0, got 0', () => metrics.fBetaScore({ beta: 0 })],
    ["auc: expected curve to be one of 'ROC', 'PR', got 'PRGAIN'", () => metrics.auc({ curve: 'PRGAIN' as never })],
    ['auc: expected multiLabel to be true beside an average of null, got false', () => metrics.auc({ average: null })],
    ['auc: expected labelWeights to be a list of numbers, got 3', () => metrics.auc({ labelWeights: 3 as never })],
    ['meanIoU: expected numClasses to be an integer >= 2, got 1', () => metrics.meanIoU({ numClasses: 1 })],
    [
      "dice: expected options name, numClasses, ignoreClass, average, got 'classes'",
      () => metrics.dice({ classes: 3 } as never),
    ],
  ])('%s', (message, make) => {
    expect(make).toThrow(expect.objectContaining({ message }));
  });
});

describe('a metric that does not fit the outputs is refused by compile', () => {
  const compile = (units: number, metric: MetricOption) => {
    using runtime = createRuntime({ threads: 1 });
    const net = sequential([layers.input({ shape: [2] }), layers.dense({ units, activation: 'sigmoid' })]);
    return net.compile({ runtime, loss: 'binaryCrossentropy', metrics: [metric] });
  };
  it.each<[number, MetricOption, string]>([
    [1, 'categoricalAccuracy', 'outputs of two classes or more for categoricalAccuracy, got [1]'],
    [3, 'topKCategoricalAccuracy', 'outputs of 5 classes or more for topKCategoricalAccuracy of k 5, got [3]'],
    [3, 'precision:classId=3', 'outputs of 4 classes or more for precision of classId 3, got [3]'],
    [3, 'recall:topK=4', 'outputs of 4 classes or more for recall of topK 4, got [3]'],
    [
      1,
      'f1Score',
      'f1Score to have a threshold, got none; of one output a position, a threshold says which are predictions',
    ],
    [3, 'auc:labelWeights=[1,2]', '3 labelWeights of auc, one for each class, got 2'],
    [3, 'meanIoU:numClasses=4', 'numClasses of meanIoU to be 3, as the outputs have, got 4'],
    [1, 'confusionMatrix:numClasses=3', 'numClasses of confusionMatrix to be 2, as the outputs have, got 3'],
  ])('of %d units, %s', (units, metric, expected) => {
    const message = `compile: expected ${expected}`;
    expect(() => compile(units, metric)).toThrow(expect.objectContaining({ message }));
  });

  it('whose name is a place of the list of another', () => {
    const hint =
      'an epoch has loss, epoch, seconds, weightsHash and those of validation; words choose a name: binaryAccuracy:name=hits';
    using runtime = createRuntime({ threads: 1 });
    const net = sequential([layers.input({ shape: [2] }), layers.dense({ units: 3, activation: 'sigmoid' })]);
    const both = ['f1Score:name=f', 'binaryAccuracy:name=f_1'];
    expect(() => net.compile({ runtime, loss: 'binaryCrossentropy', metrics: both })).toThrow(
      expect.objectContaining({ message: `compile: expected metrics to have names of their own, got 'f_1'; ${hint}` }),
    );
  });
});

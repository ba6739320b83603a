/** modelCheckpoint: the model in files while it learns. */
import { modelConfig, optimizerConfig } from '../config/index.js';
import { ArgumentError, flagOption, integerOption, numberOption, show } from '../errors/index.js';
import type { FitCallbacks, Model } from '../models/index.js';
import { stateOf, weightsOf, writeSafetensors } from '../runs/index.js';
import { callbackMaker } from './callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** What `modelCheckpoint` takes. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /** A path that ends in .safetensors, with places such as `{epoch}`, `{epoch:02d}`, `{batch}` and `{valLoss:.2f}`. */
  filePath: string;
  /** Whether it is written only where what it monitors got better. Default false. */
  saveBestOnly?: boolean;
  /** Whether the file has the weights alone, and not what the optimizer remembers. Default false. */
  saveWeightsOnly?: boolean;
  /** After each epoch, or after so many batches. Default 'epoch'. */
  saveFreq?: 'epoch' | number;
  /** What has to be better for the first file. Default none. */
  initialValueThreshold?: number;
}

/** The path of an epoch, from 1, as Python's `format` writes it. */
function pathOf(who: string, pattern: string, values: Readonly<Record<string, number>>): string {
  return pattern.replaceAll(/\{(\w+)(?::(?:(0?)(\d+)d|\.(\d+)f))?\}/g, (place, name, zeros, width, digits) => {
    const value = values[name];
    if (value === undefined) {
      const expected = `filePath to name one of ${Object.keys(values).map(show).join(', ')}`;
      throw new ArgumentError({ who, expected, got: show(place) });
    }
    if (digits !== undefined) return value.toFixed(Number(digits));
    return width === undefined ? String(value) : String(value).padStart(Number(width), zeros === '' ? ' ' : '0');
  });
}

function save(model: Model, path: string, weightsOnly: boolean): void {
  if (weightsOnly) {
    writeSafetensors(path, { tensors: weightsOf(model), metadata: {} });
    return;
  }
  const metadata = {
    model: JSON.stringify(modelConfig(model)),
    optimizer: JSON.stringify(optimizerConfig(model.optimizer)),
    iterations: String(model.iterations),
    epochs: String(model.epochs),
  };
  writeSafetensors(path, { tensors: stateOf(model), metadata });
}

/**
 * Writes the model to a file after each epoch, or after so many batches, always or where it got better:
 * `modelCheckpoint({ filePath: 'best.safetensors', saveBestOnly: true, monitor: 'valAccuracy' })`. A run that goes on remembers the best
 * of the epochs before. Throws ArgumentError for an unknown or bad option; fit throws it, before any step, where the measure is not
 * there, and FileError where it cannot write.
 */
export const modelCheckpoint = callbackMaker<ModelCheckpointOptions, FitCallbacks>(
  {
    ...{ className: 'ModelCheckpoint', word: 'modelCheckpoint', decides: false },
    options: ['filePath', 'monitor', 'saveBestOnly', 'saveWeightsOnly', 'mode', 'saveFreq', 'initialValueThreshold'],
  },
  (who, options) => {
    const { filePath, saveFreq = 'epoch', initialValueThreshold: threshold } = options;
    if (typeof filePath !== 'string' || !filePath.endsWith('.safetensors')) {
      throw new ArgumentError({ who, expected: 'filePath to end in .safetensors', got: show(filePath) });
    }
    const every = saveFreq === 'epoch' ? undefined : integerOption(who, 'saveFreq', saveFreq, 1);
    const bestOnly = flagOption(who, 'saveBestOnly', options.saveBestOnly ?? false);
    const weightsOnly = flagOption(who, 'saveWeightsOnly', options.saveWeightsOnly ?? false);
    if (bestOnly && every !== undefined) {
      const hint = 'what is measured is known after an epoch';
      throw new ArgumentError({ who, expected: "saveFreq 'epoch' beside saveBestOnly", got: show(saveFreq), hint });
    }
    const monitor = new Monitor(who, options);
    const first =
      threshold === undefined
        ? undefined
        : numberOption(who, 'initialValueThreshold', threshold, 'a number', () => true);
    let best = first;
    let model: Model;
    const isWorth = (value: () => number): boolean => {
      if (!bestOnly) return true;
      const now = value();
      if (!monitor.isBetter(now, best)) return false;
      best = now;
      return true;
    };
    return {
      onTrainBegin(begin) {
        if (bestOnly) monitor.begin(begin);
        model = begin.model;
        best = first;
        for (const epoch of begin.done) isWorth(() => monitor.of(epoch));
      },
      onBatchEnd({ progress: { epoch, step }, loss }) {
        // Counted over all epochs, so that a training that goes on writes the same files.
        if (every === undefined || model.iterations % every !== 0) return;
        save(model, pathOf(who, filePath, { epoch: epoch + 1, batch: step, loss }), weightsOnly);
      },
      onEpochEnd(epoch) {
        if (every !== undefined || !isWorth(() => monitor.of(epoch))) return;
        save(model, pathOf(who, filePath, { ...epoch.logs, epoch: epoch.epoch + 1 }), weightsOnly);
      },
    };
  },
);

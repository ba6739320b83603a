/** reduceLROnPlateau: a smaller learning rate when a training gets no better. */
import { integerOption, numberOption } from '../errors/index.js';
import type { EpochLogs, FitCallbacks, Model } from '../models/index.js';
import { callbackMaker } from './callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import { currentRate, expectRate } from './rate.js';

/** What `reduceLROnPlateau` takes. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** The rate is multiplied by it, at least 0 and below 1. Default 0.1. */
  factor?: number;
  /** Epochs without improvement after which the rate is reduced. Default 10. */
  patience?: number;
  /** A smaller change is no improvement. Default 1e-4. */
  minDelta?: number;
  /** Epochs after a reduction in which none is waited for. Default 0. */
  cooldown?: number;
  /** The smallest rate. Default 0. */
  minLr?: number;
}

/**
 * Multiplies the learning rate by `factor` after `patience` epochs in which what it monitors got no better:
 * `reduceLROnPlateau({ factor: 0.5, patience: 2 })`. Throws ArgumentError for an unknown or bad option; fit throws it, before any step,
 * where the measure is not there or the optimizer has a schedule.
 */
export const reduceLROnPlateau = callbackMaker<ReduceLROnPlateauOptions, FitCallbacks>(
  {
    ...{ className: 'ReduceLROnPlateau', word: 'reduceLROnPlateau', decides: true },
    options: ['monitor', 'factor', 'patience', 'mode', 'minDelta', 'cooldown', 'minLr'],
  },
  (who, options) => {
    const monitor = new Monitor(who, options, options.minDelta ?? 1e-4);
    const factor = numberOption(who, 'factor', options.factor ?? 0.1, 'a number >= 0, below 1', (x) => x >= 0 && x < 1);
    const patience = integerOption(who, 'patience', options.patience ?? 10, 0);
    const cooldown = integerOption(who, 'cooldown', options.cooldown ?? 0, 0);
    const minLr = numberOption(who, 'minLr', options.minLr ?? 0, 'a number >= 0', (x) => x >= 0);
    let model: Model;
    let best: number | undefined;
    let [wait, cooling] = [0, 0];
    const reduce = () => {
      const rate = currentRate(model);
      if (rate <= Math.fround(minLr)) return;
      model.optimizer.learningRate = Math.max(rate * factor, minLr);
      [wait, cooling] = [0, cooldown];
    };
    const judge = (epoch: EpochLogs) => {
      const value = monitor.of(epoch);
      if (cooling > 0) [wait, cooling] = [0, cooling - 1];
      if (monitor.isBetter(value, best)) [best, wait] = [value, 0];
      else if (cooling === 0) {
        wait += 1;
        if (wait >= patience) reduce();
      }
    };
    return {
      onTrainBegin(begin) {
        monitor.begin(begin);
        model = begin.model;
        expectRate(who, model);
        [best, wait, cooling] = [undefined, 0, 0];
        begin.done.forEach(judge);
      },
      onEpochEnd: judge,
    };
  },
);

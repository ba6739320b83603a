/** earlyStopping: ends a training that gets no better. */
import { flagOption, integerOption, numberOption } from '../errors/index.js';
import type { EpochLogs, FitCallbacks, Model } from '../models/index.js';
import { callbackMaker } from './callback.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** What `earlyStopping` takes. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** A smaller change is no improvement. Default 0. */
  minDelta?: number;
  /** Epochs without improvement after which it stops. Default 0. */
  patience?: number;
  /** What has to be reached, too, for the wait to begin anew. Default none. */
  baseline?: number;
  /** Whether the model ends with the weights of its best epoch. Default false. */
  restoreBestWeights?: boolean;
  /** Epochs, from the first, that are not judged. Default 0. */
  startFromEpoch?: number;
}

/** What it knows after a training. */
export interface EarlyStopping extends FitCallbacks {
  /** The epoch, from 0, after which it stopped; undefined where it did not. */
  readonly stoppedEpoch: number | undefined;
  /** The best epoch, from 0, and its value. */
  readonly bestEpoch: number | undefined;
  readonly best: number | undefined;
}

/**
 * Ends the training after `patience` epochs in which what it monitors got no better: `earlyStopping({ patience: 3 })`. Throws
 * ArgumentError for an unknown or bad option; fit throws it, before any step, where the measure is not there.
 */
export const earlyStopping = callbackMaker<EarlyStoppingOptions, EarlyStopping>(
  {
    ...{ className: 'EarlyStopping', word: 'earlyStopping', decides: true },
    options: ['monitor', 'minDelta', 'patience', 'mode', 'baseline', 'restoreBestWeights', 'startFromEpoch'],
  },
  (who, options) => {
    const monitor = new Monitor(who, options, options.minDelta);
    const patience = integerOption(who, 'patience', options.patience ?? 0, 0);
    const startFromEpoch = integerOption(who, 'startFromEpoch', options.startFromEpoch ?? 0, 0);
    const restores = flagOption(who, 'restoreBestWeights', options.restoreBestWeights ?? false);
    const baseline =
      options.baseline === undefined
        ? undefined
        : numberOption(who, 'baseline', options.baseline, 'a number', () => true);
    let model: Model;
    let [best, bestEpoch, stoppedEpoch]: (number | undefined)[] = [];
    let bestWeights: Float32Array[] | undefined;
    let wait = 0;
    /** Whether this epoch is the best so far; stops the training where it is time. */
    const judge = (epoch: EpochLogs): boolean => {
      if (epoch.epoch < startFromEpoch) return false;
      const value = monitor.of(epoch);
      const isFirst = bestEpoch === undefined;
      if (isFirst) bestEpoch = epoch.epoch;
      wait += 1;
      if (monitor.isBetter(value, best)) {
        [best, bestEpoch] = [value, epoch.epoch];
        if (baseline === undefined || monitor.isBetter(value, baseline)) wait = 0;
        return true;
      }
      if (wait >= patience && epoch.epoch > 0) {
        stoppedEpoch = epoch.epoch;
        model.stopTraining = true;
      }
      return isFirst;
    };
    return {
      onTrainBegin(begin) {
        monitor.begin(begin);
        model = begin.model;
        [best, bestEpoch, stoppedEpoch, bestWeights, wait] = [undefined, undefined, undefined, undefined, 0];
        for (const epoch of begin.done) judge(epoch);
        if (restores && bestEpoch !== undefined) bestWeights = begin.weightsAfter?.(bestEpoch);
      },
      onEpochEnd(epoch) {
        if (judge(epoch) && restores) bestWeights = model.getWeights();
      },
      onTrainEnd() {
        if (bestWeights !== undefined) model.setWeights(bestWeights);
      },
      get stoppedEpoch() {
        return stoppedEpoch;
      },
      get bestEpoch() {
        return bestEpoch;
      },
      get best() {
        return best;
      },
    };
  },
);

/**
 * The fit that leaves a run folder. Run folders are made of models, so the room that trains in them stands above this one; when
 * it is loaded, as `import 'samebits'` does, it says here how such a fit is done. Nothing else is ever set here.
 */
import type { DataDefinition, Dataset } from '../data/index.js';
import { ArgumentError } from '../errors/index.js';
import type { EpochLogs, FitOptions } from './fit.js';
import type { Model } from './model.js';
import type { FitData } from './samples.js';

/** What a fit with a run folder learns from: its digest is bound by the run. */
export type RunData = FitData | DataDefinition | Dataset;

/** A model that is taken by this fit alone, and the plain fit that steps it. */
export interface TakenModel {
  model: Model;
  fit(data: FitData, options: FitOptions): Promise<EpochLogs[]>;
}

export type RunFit = (taken: TakenModel, data: RunData, options: FitOptions) => Promise<EpochLogs[]>;

let provided: RunFit | undefined;

/** Says how a fit that leaves a run folder is done. */
export function provideRunFit(fit: RunFit): void {
  provided = fit;
}

/** That fit. Throws ArgumentError where only this room was loaded. */
export function runFit(): RunFit {
  if (provided !== undefined) return provided;
  const hint = "import 'samebits', and not a part of it";
  throw new ArgumentError({ who: 'fit', expected: 'lib/training to be loaded beside run', got: 'none', hint });
}

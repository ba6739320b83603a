/** Whether the models of a plan are there. */
import { checkModel, taskSettingsOf } from '../tasks/index.js';
import type { StudyTrial } from './trials.js';

/** Rejects with ArgumentError for a model that is none, before anything is run. */
export async function checkModels(trials: readonly StudyTrial[]): Promise<void> {
  const seen = new Set<string>();
  for (const { configuration, options } of trials) {
    if (seen.has(configuration.name)) continue;
    seen.add(configuration.name);
    await checkModel(`plan ${configuration.name}`, taskSettingsOf(options));
  }
}

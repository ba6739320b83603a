/** The data that finished trainings are looked at with: their own, or others that are read as theirs were. */
import { ArgumentError, givenOptions, show } from '../errors/index.js';
import { arePictures, type DataSettings } from '../tasks/index.js';
import type { FinishedRun } from './finished_run.js';
import { ownData } from './settings_file.js';

/**
 * What says the data: those given, in the run's size and with its options, or else those of the run. Throws ArgumentError, in the
 * words of `who`, for the run of somebody else, whose paths are not followed.
 */
export function dataForRun(
  who: string,
  { folder, sampleShape }: FinishedRun,
  data: DataSettings['data'] | undefined,
): DataSettings {
  const own = ownData(folder);
  if (data === undefined && own === undefined) {
    const hint = `the run ${show(folder)} was not begun by this user on this machine, so the data it names are not opened`;
    throw new ArgumentError({ who, expected: 'data beside it', got: 'none', hint });
  }
  const settings: DataSettings =
    data === undefined ? own! : { ...givenOptions(own ?? { data }, ['dataOptions']), data };
  return arePictures(settings) ? { ...settings, imageSize: sampleShape[0]! } : settings;
}

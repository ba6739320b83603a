/** `--config`: settings out of a JSON file, by the names that `train({ ... })` takes. */
import { checkOptions } from '../errors/index.js';
import { readJson } from '../files/index.js';
import { type AnySettings, type CommandName, checkValues, settingsFor, type TrainOptions } from '../settings/index.js';

const who = '--config';

/** The settings of a file for a command. Throws FileError for what is no JSON, ArgumentError for what is no setting of it. */
export function settingsIn(file: string, command: CommandName): Partial<TrainOptions> {
  const content = readJson(file) as AnySettings;
  checkOptions(who, content, settingsFor(command));
  checkValues(who, content);
  return content as Partial<TrainOptions>;
}

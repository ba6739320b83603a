/** Settings as options of commands, and the checks that need the machine or the library. */
import { type Command, Option } from 'commander';
import { ArgumentError, givenOptions, show, TargetError } from '../errors/index.js';
import { capabilities, severalOrders, threadsGiven } from '../runtime/index.js';
import {
  type CommandName,
  flagOf,
  inNeed,
  rowOf,
  type SettingName,
  settingNames,
  settingsFor,
  type TrainOptions,
} from '../settings/index.js';
import { settingsIn } from './config_file.js';
import { headingOf, withLetter } from './groups.js';

/** How a command that computes trainings again asks for a setting. */
interface Otherwise {
  help?: string;
  /** Whether the option has the default where it is not given, or there is none. */
  default: 'set' | 'none';
}

/**
 * A setting as an option. The commands that train know only what was given: the library fills in defaults, and help tells
 * them.
 */
export function settingOption(name: SettingName, otherwise?: Otherwise): Option {
  const row = rowOf(name);
  const flag = flagOf(name);
  const told = row.default ?? row.absent;
  const fallback = told === undefined || otherwise !== undefined ? '' : ` (default: ${JSON.stringify(told)})`;
  const option = new Option(withLetter(name, row.flag), `${otherwise?.help ?? row.help}${fallback}`);
  option.helpGroup(headingOf(name));
  if (otherwise?.default === 'set') option.default(row.default);
  return option.argParser((text: string, before: unknown) => {
    const value = row.read(flag, text);
    return before === undefined || row.join === undefined ? value : row.join(before, value);
  });
}

/** The options of a command for the settings that it takes, `--config` and `--json`. */
export function addSettings(command: Command, name: CommandName): Command {
  for (const setting of settingsFor(name)) {
    command.addOption(settingOption(setting));
  }
  return command
    .option('-c, --config <file>', 'JSON file with settings by the names of the library; options given here come first')
    .option('--json', 'print one JSON object on stdout');
}

/** The settings that were given to a command, by the names of the library: its options, and what the file of `--config` has. */
export function settingsOf(options: object, command: CommandName): Partial<TrainOptions> {
  const given = options as Record<string, unknown> & { config?: string };
  const inFile = given.config === undefined ? {} : settingsIn(given.config, command);
  const named = settingNames.map((name) => [name, given[new Option(rowOf(name).flag).attributeName()]] as const);
  return { ...inFile, ...givenOptions(Object.fromEntries(named) as Partial<TrainOptions>, settingNames) };
}

/** Refuses a seeded arrival where no sums arrive (`arrives` says whether some do), or not on the CPU. */
export function checkArrival(
  { arrivalSeed, device }: Pick<TrainOptions, 'arrivalSeed' | 'device'>,
  arrives: boolean,
  remedy: string,
): void {
  const who = '--arrival-seed';
  if (arrivalSeed === undefined) return;
  if (!arrives) {
    const hint = 'deterministic sums are joined by place, so no order of arrival can matter';
    throw new ArgumentError({ who, expected: `${remedy} beside it`, got: 'none', hint });
  }
  if (device !== 'cpu') throw new ArgumentError({ who, expected: '--device cpu beside it', got: show(device) });
}

/** Refuses to compare atomic trainings that can only end alike: real arrival on one thread of the CPU. */
export function checkOrders(
  { device, threads, arrivalSeed }: Pick<TrainOptions, 'device' | 'threads' | 'arrivalSeed'>,
  cores = capabilities().hardwareThreads,
): void {
  if (severalOrders({ device, threads, arrivalSeed }, cores)) return;
  throw new ArgumentError({
    who: '--threads',
    expected: '2 or more for atomic trainings whose sums arrive as the threads make it',
    got: threadsGiven(threads, cores),
    hint: 'one thread always adds in the same order, so they could not differ: give --threads 2, or --arrival-seed to draw the order',
  });
}

/** Refuses a command without model or data. Here and not by the parser, which would ask for them before it sees a typo. */
export function checkGiven(
  options: Partial<TrainOptions>,
): asserts options is Partial<TrainOptions> & Pick<TrainOptions, 'model' | 'data'> {
  for (const name of ['model', 'data'] as const) {
    if (options[name] === undefined) throw new ArgumentError({ who: `--${name}`, expected: 'a value', got: 'none' });
  }
}

/** Refuses a device or instruction set that this build or machine does not have, with the reason. */
export function checkTarget({ device, isa }: Pick<TrainOptions, 'device' | 'isa'>): void {
  const offers = capabilities();
  const wanted = [
    { who: '--device', name: device, offered: offers.devices },
    ...(isa === 'auto' ? [] : [{ who: '--isa', name: isa, offered: offers.isas }]),
  ];
  for (const { who, name, offered } of wanted) {
    const found = offered.find((entry) => entry.name === name);
    if (found?.available) continue;
    const able = offered.filter((entry) => entry.available).map((entry) => entry.name);
    throw new TargetError({
      who,
      expected: `one this machine has (${able.join(', ')})`,
      got: show(name),
      hint: found?.reason ?? 'this build does not know it',
    });
  }
}

/** Refuses a setting without the one it needs: a run folder to keep something in, or the trace that it says more of. */
export function checkNeeds(settings: Partial<TrainOptions>): void {
  const lacking = inNeed(settings);
  if (lacking === undefined) return;
  const needed = flagOf(lacking.needs);
  const expected = lacking.needs === 'out' ? `a run folder to keep it in, given by ${needed}` : `${needed} beside it`;
  throw new ArgumentError({ who: flagOf(lacking.name), expected, got: 'none' });
}

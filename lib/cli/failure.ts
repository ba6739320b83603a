/** How a failure leaves the command line: one line on stderr, and an exit code. */
import { CommanderError } from 'commander';
import { SamebitsError, show } from '../errors/index.js';
import { exitCodes } from './exit_codes.js';

/** The reason an interrupted command ends with; its message may say how to go on. */
export class Stopped extends Error {}

/** Errors that say the command was asked for something that cannot be. */
const badUse = new Set(['ARGUMENT', 'TARGET', 'SHAPE', 'DTYPE', 'PACKAGE']);

/** The parser's message as ours: `expected a known option, got '--modle'; did you mean --model?` */
function parserLine(error: CommanderError): string {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const hint = suggestion === undefined ? '' : `; ${suggestion.replace(/^\(D(.*)\)$/, 'd$1')}`;
  const got = /'([^']*)'/.exec(message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return `expected a known option, got ${show(got)}${hint}`;
    case 'commander.unknownCommand':
      return `expected a command that 'samebits help' lists, got ${show(got)}${hint}`;
    case 'commander.optionMissingArgument':
      return `${/--[a-z-]+/.exec(got)?.[0]}: expected a value, got none`;
    case 'commander.missingArgument':
      return `${got}: expected a value, got none`;
    case 'commander.excessArguments':
      return excessLine(got, message);
    default:
      return message;
  }
}

/** Too many words: commands take options only, or as many words as they name. */
function excessLine(command: string, message: string): string {
  const [most, given] = [/Expected (\d+)/, /got (\d+)/].map((pattern) => Number(pattern.exec(message)?.[1]));
  return most === 0
    ? `${command}: expected options only, got ${given} more`
    : `${command}: expected ${most} beside the options, got ${given}`;
}

/** True for errors that are no failure: help or the version was asked for. */
function isAnswer(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}

/** Flags whose names are not those of the library's options. */
const flags: Readonly<Record<string, string>> = { runs: 'run' };

/** The option that a message of the library begins with, as the flag that gives it: `explain sample:` is `--sample:`. */
const withFlag = (line: string): string =>
  line.replace(
    /^(?:explain|classify|runExperiment) ([a-z]+)/,
    (_all, option: string) => `--${flags[option] ?? option}`,
  );

/** The failure in one line, without the name of the program; empty if there is nothing to say. */
export function lineOf(error: unknown): string {
  if (isAnswer(error)) return '';
  const text =
    error instanceof CommanderError ? parserLine(error) : error instanceof Error ? error.message : String(error);
  const known = error instanceof SamebitsError || error instanceof CommanderError || error instanceof Stopped;
  const line = text
    .trim()
    .replace(/\s*\n\s*/g, '; ')
    .replace(/^samebits: /, '');
  return known ? withFlag(line) : `unexpected error: ${line}`;
}

/** The exit code of a failure. */
export function exitCodeOf(error: unknown): number {
  if (isAnswer(error)) return exitCodes.done;
  if (error instanceof Stopped) return exitCodes.stopped;
  if (error instanceof CommanderError) return exitCodes.badUse;
  return error instanceof SamebitsError && badUse.has(error.code) ? exitCodes.badUse : exitCodes.failed;
}

/** What there is to complete: the commands of a program and their options, as plain words. */
import type { Command } from 'commander';

/** An option as a shell offers it. */
export interface OptionWords {
  /** `--model`. */
  long: string;
  /** `m`, where there is a letter. */
  letter?: string;
  takesValue: boolean;
  help: string;
}

/** A command, what can stand behind it, and its place: [] for the program itself, ['study', 'run'] for one in another. */
export interface CommandWords {
  path: readonly string[];
  inner: readonly { name: string; help: string }[];
  options: readonly OptionWords[];
}

/** The first clause of a description, in signs that mean nothing to a shell between single quotes. */
const brief = (text: string): string =>
  text
    .split(/[:;(]/)[0]!
    .replaceAll(/['`"\\$]/g, '')
    .trim();

/** All commands of a program, itself first. */
export function wordsOf(command: Command, path: readonly string[] = []): CommandWords[] {
  const help: OptionWords = { long: '--help', letter: 'h', takesValue: false, help: 'print help' };
  const options = command.options.map(
    ({ long, short, description, required, optional }): OptionWords => ({
      long: long!,
      ...(short !== undefined && { letter: short.slice(1) }),
      takesValue: required || optional,
      help: brief(description),
    }),
  );
  const inner = command.commands.map((one) => ({ name: one.name(), help: brief(one.description()) }));
  const own: CommandWords = { path, inner, options: [...options, help] };
  return [own, ...command.commands.flatMap((one) => wordsOf(one, [...path, one.name()]))];
}

/** Scripts that complete commands and options, made from the program itself. */
import type { Command } from 'commander';
import { bashCompletion } from './bash.js';
import { fishCompletion } from './fish.js';
import { type CommandWords, wordsOf } from './words.js';
import { zshCompletion } from './zsh.js';

/** Shells that are completed in. */
export type Shell = 'bash' | 'zsh' | 'fish';

const scripts: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const made = (shell: Shell) => (program: Command) => scripts[shell](wordsOf(program));

/** The script of a program for each shell. */
export const completions: Readonly<Record<Shell, (program: Command) => string>> = {
  bash: made('bash'),
  zsh: made('zsh'),
  fish: made('fish'),
};

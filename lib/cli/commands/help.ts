/** `samebits help`: the help of a command, as `samebits COMMAND --help`. */
import { Command } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';

function commandAt(top: Command, path: readonly string[]): Command {
  let found = top;
  for (const name of path) {
    const inner = found.commands.find((one) => one.name() === name);
    if (inner === undefined) {
      const names = found.commands.map((one) => one.name()).join(', ');
      const got = show(path.join(' '));
      if (names === '') throw new ArgumentError({ who: 'help', expected: `'${found.name()}' alone`, got });
      throw new ArgumentError({ who: 'help', expected: `one of ${names}`, got });
    }
    found = inner;
  }
  return found;
}

/** The command `help` of a program. */
export function helpCommand(program: () => Command): Command {
  return new Command('help')
    .description('print the help of a command')
    .argument('[command...]', "a command, or one in another: 'study run'")
    .action((path: string[]) => commandAt(program(), path).outputHelp());
}

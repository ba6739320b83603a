/** `samebits completion`: a script that completes commands and options in a shell. */
import { Command } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';
import { completions, type Shell } from '../completion/index.js';

const where: Readonly<Record<Shell, string>> = {
  bash: 'source <(samebits completion bash)   # in ~/.bashrc',
  zsh: 'source <(samebits completion zsh)    # in ~/.zshrc, behind compinit',
  fish: 'samebits completion fish > ~/.config/fish/completions/samebits.fish',
};

/** The command `completion` of a program. */
export function completionCommand(program: () => Command): Command {
  return new Command('completion')
    .description('print a script that completes commands and options in bash, zsh or fish')
    .argument('<shell>', Object.keys(where).join(', '))
    .addHelpText(
      'after',
      `\nInstall:\n${Object.values(where)
        .map((line) => `  ${line}`)
        .join('\n')}`,
    )
    .action((shell: string) => {
      const known = Object.keys(completions);
      if (!known.includes(shell)) {
        throw new ArgumentError({ who: 'completion', expected: `one of ${known.join(', ')}`, got: show(shell) });
      }
      process.stdout.write(completions[shell as Shell](program()));
    });
}

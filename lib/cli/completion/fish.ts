/** Completion for fish: a line for each command and option, with what it is for. */
import type { CommandWords } from './words.js';

/** Where a line counts: behind the words of `path`, and before any of the commands in it. */
function condition({ path, inner }: CommandWords): string {
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const names = inner.map(({ name }) => name).join(' ');
  const unseen = names === '' ? [] : [`not __fish_seen_subcommand_from ${names}`];
  return [...seen, ...unseen].join('; and ');
}

/** The script for fish. */
export function fishCompletion(commands: readonly CommandWords[]): string {
  const lines = commands.flatMap((one) => {
    const start = `complete -c samebits -n '${condition(one)}'`;
    return [
      ...one.inner.map(({ name, help }) => `${start} -f -a ${name} -d '${help}'`),
      ...one.options.map(({ long, letter, takesValue, help }) => {
        const short = letter === undefined ? '' : ` -s ${letter}`;
        return `${start} -l ${long.slice(2)}${short}${takesValue ? ' -r' : ''} -d '${help}'`;
      }),
    ];
  });
  return ['# Completion of samebits for fish.', ...lines, ''].join('\n');
}

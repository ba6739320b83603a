/** Completion for bash: commands, options, and files everywhere else. */
import type { CommandWords } from './words.js';

const offered = ({ inner, options }: CommandWords): string =>
  [...inner.map(({ name }) => name), ...options.map(({ long }) => long)].join(' ');

/** The script for bash. */
export function bashCompletion(commands: readonly CommandWords[]): string {
  const places = commands.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const cases = commands.map((one) => `    '${one.path.join(' ')}') words='${offered(one)}' ;;`);
  return `# Completion of samebits for bash.
_samebits() {
  local word=\${COMP_WORDS[COMP_CWORD]} place='' next words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    next="\${place:+$place }\${COMP_WORDS[i]}"
    case "$next" in
      ${places.map((place) => `'${place}'`).join('|')}) place=$next ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _samebits samebits
`;
}

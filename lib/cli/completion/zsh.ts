/** Completion for zsh: commands and options with what they are for, and files everywhere else. */
import type { CommandWords } from './words.js';

const offered = ({ inner, options }: CommandWords): string =>
  [...inner.map(({ name, help }) => `'${name}:${help}'`), ...options.map(({ long, help }) => `'${long}:${help}'`)].join(
    ' ',
  );

/** The script for zsh. */
export function zshCompletion(commands: readonly CommandWords[]): string {
  const places = commands.map(({ path }) => path.join(' ')).filter((path) => path !== '');
  const cases = commands.map((one) => `    '${one.path.join(' ')}') found=(${offered(one)}) ;;`);
  return `#compdef samebits
# Completion of samebits for zsh.
_samebits() {
  local place='' next i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    next="\${place:+$place }\${words[i]}"
    case "$next" in
      ${places.map((place) => `'${place}'`).join('|')}) place=$next ;;
    esac
  done
  case "$place" in
${cases.join('\n')}
  esac
  _describe samebits found
  [[ $place == '' || \${words[CURRENT]} == -* ]] || _files
}
compdef _samebits samebits
`;
}

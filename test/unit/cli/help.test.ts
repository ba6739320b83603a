// Help, completion and exit codes: what they say is what the program has.

import { execFileSync } from 'node:child_process';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { completions } from '../../../lib/cli/completion/index.js';
import { exitCodes } from '../../../lib/cli/exit_codes.js';
import { headingOf } from '../../../lib/cli/groups.js';
import { examples } from '../../../lib/cli/help.js';
import { program } from '../../../lib/cli/program.js';
import { settingNames } from '../../../lib/settings/index.js';
import { text } from '../../architecture/sources.js';

/** Every command by its words: '', 'train', 'study run'. */
function all(command: Command, path = ''): [string, Command][] {
  const inner = command.commands.flatMap((one) => all(one, path === '' ? one.name() : `${path} ${one.name()}`));
  return [[path, command], ...inner];
}
const commands = new Map(all(program()));

/** The words of a line as a shell hands them on. */
const wordsOf = (line: string) => [...line.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);

describe('help', () => {
  it('puts every command under a heading, and every setting', () => {
    expect(program().commands.filter((one) => one.helpGroup() === '')).toEqual([]);
    expect(settingNames.filter((name) => headingOf(name) === 'Options:')).toEqual([]);
  });

  it('shows an example of every command that does something', () => {
    const doing = [...commands.keys()].filter((path) => !['', 'study', 'help'].includes(path));
    expect(Object.keys(examples).sort()).toEqual(doing.sort());
  });

  it.each(Object.entries(examples).flatMap(([path, lines]) => lines.map((line) => [line, path])))(
    "'%s' has options that there are",
    (line, path) => {
      const words = wordsOf(line);
      expect(words.slice(0, path.split(' ').length).join(' ')).toBe(path);
      const known = commands.get(path)!.options.flatMap(({ short, long }) => [short, long]);
      const flags = words.filter((word) => /^--?[a-z]/.test(word));
      expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
    },
  );

  it('gives one letter one meaning', () => {
    const meanings = new Map<string, Set<string>>();
    for (const { options } of commands.values()) {
      for (const { short, long } of options) {
        if (short) meanings.set(short, (meanings.get(short) ?? new Set()).add(long!));
      }
    }
    expect(meanings.size).toBeGreaterThan(8);
    expect([...meanings].filter(([, names]) => names.size > 1)).toEqual([]);
  });
});

describe('completion', () => {
  /** What bash offers behind these words. */
  const offered = (...words: string[]): string[] => {
    const line = `${completions.bash(program())}
COMP_WORDS=(samebits ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_samebits; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', line], { encoding: 'utf8' }).split('\n').filter(Boolean);
  };

  it('offers commands, options, and those of a command in a command, in bash', () => {
    expect(offered('tr')).toEqual(['train']);
    expect(offered('train', '--tensor')).toEqual(['--tensorboard']);
    expect(offered('weights', '--tensor')).toEqual(['--tensor']);
    expect(offered('study', 'r')).toEqual(['run', 'report']);
    expect(offered('study', 'run', 'plan.json', '--job')).toEqual(['--jobs']);
    expect(offered('train', 'photos')).toEqual([]);
  });

  it('says every command and option in every shell, and ends no quoted text early', () => {
    for (const make of Object.values(completions)) {
      const script = make(program());
      for (const [path, { options }] of commands) {
        expect(script).toContain(path.split(' ').at(-1)!);
        for (const { long } of options) expect(script).toContain(long!.slice(2));
      }
      for (const line of script.split('\n').filter((one) => !one.startsWith('#'))) {
        expect([line, (line.match(/'/g) ?? []).length % 2]).toEqual([line, 0]);
      }
    }
  });
});

describe('exit codes', () => {
  it('are those of the table in docs/cli.md', () => {
    const rows = [...text('docs/cli.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
    expect(rows).toEqual([...new Set(Object.values(exitCodes))]);
  });
});

// What is asked of a code block, by the language behind its fence.

import { accessSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readPairs } from '../../lib/explain/pairs_file.js';
import { root, text } from '../architecture/sources.js';
import { targets } from '../package/packed.js';
import type { Block } from './pages.js';
import { node, runModule, type Sandbox } from './sandbox.js';

/** A folder of a reader, and what the last command in it printed. */
export interface Reader {
  box: Sandbox;
  said?: string;
}

/** What is added to a command so that it takes seconds; every command runs, none is left out. */
const smaller: Record<string, readonly string[]> = {
  compare: [
    ...['--model', 'keras_convnet', '--image-size', '80', '--epochs', '1', '--runs', '2'],
    ...['--explain', '0', '--growth-steps', '0', '--threads', '2'],
  ],
  attribute: ['--image-size', '80', '--steps', '2', '--runs', '1'],
};

/** Trainings of the photographs are of small ones, and those of many epochs end after two. */
const smallerTraining = (args: readonly string[]) => [
  ...(args.some((arg, i) => /^(-d|--data)$/.test(arg) && args[i + 1] === 'photos') ? ['--image-size', '80'] : []),
  ...(args.some((arg, i) => /^(-e|--epochs)$/.test(arg) && Number(args[i + 1]) > 10) ? ['--epochs', '2'] : []),
];

/** Exit codes that are no failure: `diff` ends with 1 where it finds a difference. */
const fine: Record<string, readonly number[]> = { diff: [0, 1] };

/** A word as the shell hands it on. */
const unquoted = (word: string) => word.replace(/^'(.*)'$/, '$1');

/** Commands of a shell block: continued lines made one, comments gone. */
const commandsOf = (code: string): string[] =>
  code
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');

/** What a page may have npm install: the package, those that it names as extras, or the tarballs that npm run pack makes. */
function checkInstall(names: readonly string[], command: string): void {
  const { name, version, peerDependencies } = JSON.parse(text('package.json'));
  const tarballs = ['', ...Object.keys(targets).map((target) => `-${target}`)].map(
    (target) => `./${name}${target}-${version}.tgz`,
  );
  const known = [name, ...Object.keys(peerDependencies), ...tarballs];
  expect(names.length, command).toBeGreaterThan(0);
  expect(
    names.filter((one) => !known.includes(one)),
    command,
  ).toEqual([]);
}

function runCommand(reader: Reader, command: string): void {
  const { box } = reader;
  const [program, ...words] = command.split(/\s+/);
  if (program === 'npm' && words[0] === 'install') {
    checkInstall(words.slice(1), command);
  } else if (program === 'npm') {
    const script = words[0] === 'run' ? words[1] : words[0];
    expect(JSON.parse(text('package.json')).scripts, command).toHaveProperty([script!]);
  } else if (program === 'npx' && words[0] === 'samebits') {
    const [, name, ...args] = words;
    const added = name === 'train' ? smallerTraining(args) : (smaller[name!] ?? []);
    const found = node(box, [path.join(root, 'dist/cli/main.js'), name!, ...args.map(unquoted), ...added]);
    reader.said = `${found.stderr}${found.stdout}`;
    const told = `${command}\n${found.stderr}`;
    expect(fine[name!] ?? [0], told).toContain(found.code);
    expect(found.stdout, told).not.toBe('');
  } else {
    expect(program, command).toMatch(/^scripts\//);
    accessSync(path.join(root, program!), constants.X_OK);
  }
}

/** What a module promises to print: the comment behind each `console.log`, up to its dots. */
const promisesOf = (code: string): string[] =>
  [...code.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]!.split('...')[0]!);

/** Pictures in words, whose names are checked with those of the prose. */
const drawings = new Set([
  'docs/architecture.md: The house',
  'docs/architecture.md: Who may import whom',
  'docs/architecture.md: One call to conv2d, down and back',
  'docs/architecture.md: Gradients, and the memory that they take',
  'docs/architecture.md: Errors',
  'docs/gpu.md: On a machine that has nothing',
]);

/** Whether `said` has the lines of a page in their order; `...` stands for anything, alone in a line for any lines. */
function printed(lines: readonly string[], said: string): void {
  const pattern = (line: string) =>
    new RegExp(
      `^${line
        .split('...')
        .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('.*')}$`,
    );
  let rest = said.split('\n').map((line) => line.trimEnd());
  for (const line of lines.filter((one) => one !== '...')) {
    const at = rest.findIndex((one) => pattern(line).test(one));
    expect(at, `'${line}' in what was printed:\n${said}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(at + 1);
  }
}

export const rules: Record<string, (block: Block, reader: Reader) => void | Promise<void>> = {
  js: ({ code }, { box }) => {
    const { code: exit, stdout, stderr } = runModule(box, code);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    for (const [i, promise] of promisesOf(code).entries()) expect(lines[i]!.slice(0, promise.length)).toBe(promise);
  },
  sh: ({ code }, reader) => {
    for (const command of commandsOf(code)) runCommand(reader, command);
  },
  json: ({ code }) => {
    JSON.parse(code);
  },
  csv: async ({ code }, { box }) => {
    const list = path.join(box.folder, 'list.csv');
    writeFileSync(list, code);
    expect(await readPairs(list, ['cats', 'dogs'])).toHaveLength(code.trimEnd().split('\n').length - 1);
  },
  txt: ({ code }, { said }) => {
    expect(said, 'a command before what it prints').toBeDefined();
    printed(code.trimEnd().split('\n'), said!);
  },
  text: ({ page, heading }) => expect(drawings).toContain(`${page}: ${heading}`),
};

// Every code block of every page does what it says: modules run from the built package, commands run on small photographs,
// JSON parses, drawings name what is there. A block without a rule fails.

import { accessSync, constants, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPairs } from '../../lib/explain/pairs_file.js';
import { root, text } from '../architecture/sources.js';
import { type Block, isThere, namedPaths, pages, projectFiles, readPage } from './pages.js';
import { node, runModule, type Sandbox, sandbox } from './sandbox.js';

/** What is added to a command so that it takes seconds; every command runs, none is left out. */
const smaller: Record<string, readonly string[]> = {
  compare: [
    ...['--model', 'keras_convnet', '--image-size', '80', '--epochs', '1', '--runs', '2'],
    ...['--explain', '0', '--growth-steps', '0', '--threads', '2'],
  ],
  attribute: ['--image-size', '80', '--steps', '2', '--runs', '1'],
};

/** Whether the data are those of a module, which says how large they are. */
const ofOwn = (args: readonly string[]) => args[args.indexOf('--data') + 1]!.endsWith('.mjs');

/** Trainings are of small pictures, and those of many epochs end after two. */
const smallerTraining = (args: readonly string[]) => [
  ...(ofOwn(args) ? [] : ['--image-size', '80']),
  ...(Number(args[args.indexOf('--epochs') + 1]) > 10 ? ['--epochs', '2'] : []),
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

function runCommand(box: Sandbox, command: string): void {
  const [program, ...words] = command.split(/\s+/);
  if (program === 'npm' && words[0] === 'install') {
    expect(words.slice(1), command).toEqual([JSON.parse(text('package.json')).name]);
  } else if (program === 'npm') {
    const script = words[0] === 'run' ? words[1] : words[0];
    expect(JSON.parse(text('package.json')).scripts, command).toHaveProperty([script!]);
  } else if (program === 'npx' && words[0] === 'samebits') {
    const [, name, ...args] = words;
    const added = name === 'train' ? smallerTraining(args) : (smaller[name!] ?? []);
    const found = node(box, [path.join(root, 'dist/cli/main.js'), name!, ...args.map(unquoted), ...added]);
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
  [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((match) => match[1]!.split('...')[0]!);

/** Pictures in words, whose names are checked with those of the prose. */
const drawings = new Set([
  'docs/architecture.md: The house',
  'docs/architecture.md: Who may import whom',
  'docs/architecture.md: One call to conv2d, down and back',
  'docs/architecture.md: Gradients, and the memory that they take',
  'docs/architecture.md: Errors',
  'docs/gpu.md: On a machine that has nothing',
]);

const rules: Record<string, (block: Block, box: Sandbox) => void | Promise<void>> = {
  js: ({ code }, box) => {
    const { code: exit, stdout, stderr } = runModule(box, code);
    expect(stderr).toBe('');
    expect(exit).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    for (const [i, promise] of promisesOf(code).entries()) expect(lines[i]!.slice(0, promise.length)).toBe(promise);
  },
  sh: ({ code }, box) => {
    for (const command of commandsOf(code)) runCommand(box, command);
  },
  json: ({ code }) => {
    JSON.parse(code);
  },
  csv: async ({ code }, box) => {
    const list = path.join(box.folder, 'list.csv');
    writeFileSync(list, code);
    expect(await readPairs(list, ['cats', 'dogs'])).toHaveLength(code.trimEnd().split('\n').length - 1);
  },
  text: ({ page, heading }) => expect(drawings).toContain(`${page}: ${heading}`),
};

/** The file that a module says it is, in its first line: `// lenet.mjs`. */
const fileOf = ({ code }: Block): string | undefined => /^\/\/ ([a-z_]+\.mjs)\n/.exec(code)?.[1];

/** Puts the modules of a page that stand before a block where its commands and imports find them. */
function putModules(box: Sandbox, { page, line }: Block): void {
  for (const block of blocks) {
    const file = fileOf(block);
    if (file !== undefined && block.page === page && block.line <= line) {
      writeFileSync(path.join(box.folder, file), block.code);
    }
  }
}

const all = pages();
const blocks = all.flatMap((page) => page.blocks);

describe('a code block', () => {
  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s does what it says',
    async (_where, block) => {
      expect(Object.keys(rules), 'a language with a rule behind the fence').toContain(block.language);
      const box = await sandbox();
      try {
        putModules(box, block);
        await rules[block.language]!(block, box);
      } finally {
        box.remove();
      }
    },
    300_000,
  );

  it('stands in a fence', () => {
    expect(all.flatMap(({ page, unfenced }) => unfenced.map((line) => `${page}:${line}`))).toEqual([]);
  });

  it('of the README ends in the same bits with one thread and another instruction set', async () => {
    const { code } = blocks.find(({ page, language }) => page === 'README.md' && language === 'js')!;
    const other = code.replace('threads: 2', "threads: 1, isa: 'scalar'");
    expect(other).not.toBe(code);
    const box = await sandbox();
    const hashes = [code, other, code.replace('seed: 1001', 'seed: 1002')].map((one) => runModule(box, one).stdout);
    box.remove();
    expect(hashes[0]).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
  });
});

describe('the rules', () => {
  const block = (language: string, code: string): Block => ({ page: 'x.md', line: 1, heading: 'x', language, code });
  const ruled = async (language: string, code: string) => {
    const box = await sandbox();
    try {
      await rules[language]!(block(language, code), box);
    } finally {
      box.remove();
    }
  };

  it.each([
    ['js', 'console.log(images);'],
    ['js', "console.log('b'); // a..."],
    ['js', "import { nothing } from 'samebits';"],
    ['sh', 'npx samebits train --model keras_convnet --data nowhere'],
    ['sh', 'npx samebits info --fast'],
    ['sh', 'npm run fly'],
    ['sh', 'curl x'],
    ['json', '{'],
    ['csv', 'file,left,right\npairs/pair_0.jpg,cat,cow\n'],
    ['text', 'a drawing'],
  ])('refuse %s %j', async (language, code) => {
    await expect(ruled(language, code)).rejects.toThrow();
  });

  it('see what no fence holds, and the names in a text', () => {
    expect(readPage('x.md', 'a\n\n    code\n\n- item\n\n    of it\n').unfenced).toEqual([3]);
    expect(namedPaths('see lib/ops, `test/determinism/repeat`, conv2d_body.h and <op>.cu')).toEqual([
      ...['lib/ops', 'test/determinism/repeat', 'conv2d_body.h'],
    ]);
    const files = projectFiles();
    expect(
      ['lib/ops', 'test/determinism/repeat', 'conv2d_body.h', 'lib/nothing'].map((name) => isThere(name, files)),
    ).toEqual([...[true, true, true, false]]);
  });
});

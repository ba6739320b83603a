// Every code block of every page does what it says: modules run from the built package, commands run on small photographs,
// what a command prints is what the page shows, JSON parses, drawings name what is there. A block without a rule fails. The
// blocks of a page run one after the other in one folder, as a reader has it.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Block, isThere, namedPaths, pages, projectFiles, readPage } from './pages.js';
import { type Reader, rules } from './rules.js';
import { runModule, type Sandbox, sandbox } from './sandbox.js';

/** The file that a module says it is, `// lenet.mjs` in its first line; plan.json of the plan of a study. */
const fileOf = ({ language, code }: Block): string | undefined =>
  language === 'json' && code.includes('"factors"') ? 'plan.json' : /^\/\/ ([a-z_]+\.mjs)\n/.exec(code)?.[1];

/** Puts a module or a plan where the commands and imports behind it find it. */
function putModule(box: Sandbox, block: Block): void {
  const file = fileOf(block);
  if (file !== undefined) writeFileSync(path.join(box.folder, file), block.code);
}

const all = pages();
const blocks = all.flatMap((page) => page.blocks);

describe('a code block', () => {
  let reader: (Reader & { page: string }) | undefined;
  const leave = () => {
    reader?.box.remove();
    reader = undefined;
  };
  afterAll(leave);

  it.each(blocks.map((block) => [`${block.page}:${block.line}`, block] as const))(
    '%s does what it says',
    async (_where, block) => {
      expect(Object.keys(rules), 'a language with a rule behind the fence').toContain(block.language);
      if (reader?.page !== block.page) {
        leave();
        reader = { page: block.page, box: await sandbox() };
      }
      putModule(reader!.box, block);
      await rules[block.language]!(block, reader!);
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
      await rules[language]!(block(language, code), { box, said: 'weights  1\nbias  2\n' });
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
    ['txt', 'weights  2'],
    ['txt', 'bias  ...\nweights  1'],
    ['sh', 'npm install other'],
  ])('refuse %s %j', async (language, code) => {
    await expect(ruled(language, code)).rejects.toThrow();
  });

  it('take what was printed, with dots for what is another one elsewhere', async () => {
    await ruled('txt', 'weights  ...\n...\nbias  2');
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

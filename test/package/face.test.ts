// What the package says of itself, and what the workflows run, is there.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, root, text } from '../architecture/sources.js';
import { targets } from './packed.js';

const manifest = JSON.parse(text('package.json'));
const workflows = filesUnder('.github/workflows', ['.yml']);

describe('the manifest', () => {
  it('says whose it is and where it lives, once', () => {
    expect(manifest.author).toBe('samebits contributors');
    expect(manifest.keywords.length).toBeGreaterThan(5);
    const place = manifest.repository.url.replace(/^git\+|\.git$/g, '');
    expect([manifest.homepage, manifest.bugs]).toEqual([`${place}#readme`, `${place}/issues`]);
    expect(text('CITATION.cff')).toContain(`repository-code: "${place}"`);
    expect(text('CITATION.cff')).toContain(`version: ${manifest.version}\n`);
    expect(manifest).not.toHaveProperty('funding');
  });

  it('has no script that npm runs on the machine of a user', () => {
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
      expect(manifest.scripts).not.toHaveProperty([name]);
    }
    expect(manifest.gypfile).toBe(false);
  });
});

describe.each(workflows)('%s', (file) => {
  const content = text(file);

  it('runs scripts that there are, by name and by file', () => {
    const named = [...content.matchAll(/npm (?:run )?(test|(?<=run )[a-z:]+)/g)].map(([, name]) => name!);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const uses = [...content.matchAll(/uses: \.\/(\S+)/g)].map(([, name]) => name!);
    expect(uses.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });

  it('has no tab, and says what it may do', () => {
    expect(content).not.toContain('\t');
    expect(content).toMatch(/^permissions:\n {2}contents: read$/m);
  });
});

it('builds a package for every target', () => {
  const built = [...text('.github/workflows/release.yml').matchAll(/target: ([\w-]+),/g)].map(([, name]) => name);
  expect(built.sort()).toEqual(Object.keys(targets).sort());
});

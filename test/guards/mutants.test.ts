// The list of native mutants (scripts/mutate/native) is one that can be run: every mutant applies to the sources as they are,
// every kernel body has some, and the rooms name tests that exist. What became of them is counted rightly.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, root } from '../architecture/sources.js';
import { formBodies } from './form_bodies.js';

interface Mutant {
  id: string;
  room: string;
  file: string;
  from: string;
  to: string;
  why: string;
  equivalent?: string;
}

// Plain JavaScript, as everything in scripts/.
const script = (name: string) => import(new URL(`../../scripts/mutate/${name}.mjs`, import.meta.url).href);
const { readList, derivedMutants, apply, idOf, readSource } = (await script('native_list')) as {
  readList(): Promise<Mutant[]>;
  derivedMutants(file: string, source: string): Mutant[];
  apply(source: string, mutant: Pick<Mutant, 'file' | 'from' | 'to'>): string;
  idOf(mutant: Mutant, source: string): string;
  readSource(file: string): string;
};
const { testsOf } = (await script('native_tests')) as { testsOf: Record<string, string[]> };
const { summary } = (await script('native_summary')) as {
  summary(mutants: Partial<Mutant>[], results: Map<string, { outcome: string }>): string[];
};
const list = await readList();

describe('the list of native mutants', () => {
  it('has at least 200 that are counted', () => {
    expect(list.filter(({ equivalent }) => equivalent === undefined).length).toBeGreaterThanOrEqual(200);
  });

  it('applies to the sources as they are, each mutant once and to another text', () => {
    for (const mutant of list) {
      const source = readSource(mutant.file);
      expect(apply(source, mutant), `${mutant.file}: ${mutant.why}`).not.toBe(source);
    }
  });

  it('names every mutant once', () => {
    const ids = list.map((mutant) => idOf(mutant, readSource(mutant.file)));
    expect(new Set(ids).size).toBe(list.length);
  });

  it('says of every mutant what is wrong then, or why it is not counted', () => {
    for (const { file, why, equivalent } of list) {
      expect(why.length, file).toBeGreaterThan(5);
      if (equivalent !== undefined) expect(equivalent.length, `${file}: ${why}`).toBeGreaterThan(10);
    }
  });

  it('has some in every kernel body and every CUDA source of an operation', () => {
    const mutated = new Set(list.map(({ file }) => file));
    const bodies = filesUnder('native/ops', ['_body.h', '.cu']);
    expect(bodies.length).toBeGreaterThan(30);
    expect(bodies.filter((file) => !mutated.has(file))).toEqual([]);
  });

  it('has some in every special form of a kernel', () => {
    const counted = list.filter(({ equivalent }) => equivalent === undefined);
    for (const { form, bodies } of formBodies()) {
      expect(bodies.length, `${form} is written down`).toBeGreaterThan(0);
      const inside = ({ file, from }: Mutant) => {
        const at = readSource(file).indexOf(from);
        return bodies.some((body) => body.file === file && body.begin <= at && at < body.end);
      };
      expect(counted.filter(inside).length, `mutants of ${form}`).toBeGreaterThan(0);
    }
  });

  it('has tests for every room, all of which are there', () => {
    for (const room of new Set(list.map((mutant) => mutant.room))) {
      expect(testsOf[room]?.length, room).toBeGreaterThan(0);
      for (const name of testsOf[room]!) {
        const there = [`test/${name}`, `test/${name}.test.ts`].some((file) => existsSync(path.join(root, file)));
        expect(there, `${room}: ${name}`).toBe(true);
      }
    }
  });
});

describe('a source that no table names', () => {
  it('has a mutant for each line with arithmetic that is there once', () => {
    const source = ['// a * b', 'y = mul(a, b);', 'twice(a * b);', 'twice(a * b);', 'z = x - y;', 'return {};'].join(
      '\n',
    );
    const found = derivedMutants('native/ops/a/a_body.h', source).map(({ from, to, room }) => [room, from, to]);
    expect(found).toEqual([
      ['derived', 'y = mul(a, b);', 'y = add(a, b);'],
      ['derived', 'z = x - y;', 'z = x + y;'],
    ]);
    expect(derivedMutants('native/ops/a/a.cu', 'y[i] = x[i] + 1.0f;')).toMatchObject([
      { room: 'cuda', to: 'y[i] = x[i] - 1.0f;' },
    ]);
  });
});

describe('a stale list', () => {
  const mutant = { file: 'native/a.h', from: 'a + b', to: 'a - b' };

  it('is refused where a text is gone', () => {
    expect(() => apply('a * b', mutant)).toThrow(
      "mutate native: expected 'a + b' once in native/a.h, got it 0 times; the list is stale",
    );
  });

  it('is refused where a text is there twice', () => {
    expect(() => apply('a + b + a + b', mutant)).toThrow(
      "mutate native: expected 'a + b' once in native/a.h, got it 2 times; the list is stale",
    );
  });

  it('takes a replacement as it is', () => {
    expect(apply('x = a + b;', { ...mutant, to: '$& $1' })).toBe('x = $& $1;');
  });
});

describe('the summary', () => {
  it('counts what was seen, in time or not, and leaves out what no result can show, did not compile or waits for the tests', () => {
    const mutants = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((id) => ({
      id,
      room: 'sums',
      file: 'x.h',
      why: `fault ${id}`,
    }));
    const outcomes = { a: 'killed', b: 'timed out', c: 'survived', d: 'not compiled', f: 'left' };
    const results = new Map(Object.entries(outcomes).map(([id, outcome]) => [id, { outcome }]));
    const counts = '1 killed, 1 timed out, 1 survived, 1 not compiled, 1 left for the tests';
    const line = `7 mutants, 1 not counted, 3 tried: ${counts}; score 66.7 %`;
    expect(summary([...mutants.slice(0, 6), { ...mutants[6], equivalent: 'speed only' }], results)).toEqual([
      `sums: ${line}`,
      `all: ${line}`,
      'survived c x.h: fault c',
    ]);
  });
});

it('the tool is a part of npm run mutate', () => {
  expect(readFileSync(path.join(root, 'scripts/mutate.mjs'), 'utf8')).toContain("native: './mutate/native.mjs'");
});

// Every operation has its folder, its TypeScript face, its cases and a second implementation; both builds take
// the same sources and say the same flags.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { capabilities } from '../../lib/index.js';
import { loadTables } from '../support/run_case.js';
import { filesUnder, root, text } from './sources.js';

const operations = [...text('native/ops/ops.inc').matchAll(/^SAMEBITS_OP\((\w+)\)/gm)].map((match) => match[1]!);
const tables = await loadTables();

describe('the list of operations', () => {
  it('is in alphabetical order, without doubles', () => {
    expect(operations).toEqual([...new Set(operations)].sort());
  });

  it('is what the addon was built with', () => {
    expect([...new Set(capabilities().kernels.map((kernel) => kernel.split('.')[0]))]).toEqual(operations);
  });

  it('is complete: every folder of native/ops is in it', () => {
    const folders = new Set(filesUnder('native/ops', ['.cc']).map((file) => file.split('/')[2]));
    expect([...folders].sort()).toEqual(operations);
  });
});

describe.each(operations)('%s', (id) => {
  it.each(['.h', '_body.h', '.cc', '.cu'])('has native/ops/<op>/<op>%s', (ending) => {
    expect(existsSync(path.join(root, `native/ops/${id}/${id}${ending}`))).toBe(true);
  });

  it('has a CUDA function for each of its kernels, in both modes', () => {
    const rows = [...text(`native/ops/${id}/${id}.cu`).matchAll(/\{"([\w.]+)",\s*\{\{[^,{}]+, [^,{}]+\}\}\}/g)];
    const kernels = capabilities().kernels.filter((kernel) => kernel.startsWith(`${id}.`));
    expect(rows.map((row) => row[1])).toEqual(kernels);
  });

  it('is called from a file of lib', () => {
    const callers = filesUnder('lib', ['.ts']).filter((file) => text(file).includes(`'${id}.`));
    expect(callers.length).toBeGreaterThan(0);
  });

  it('has cases, each judged and matched by the second implementation of the contract', () => {
    const mine = tables.filter(({ op }) => op === id);
    expect(mine.length).toBeGreaterThan(0);
    for (const table of mine) {
      expect(table.cases.filter(({ bench }) => !bench).length).toBeGreaterThan(0);
      expect(table.contract, `test/cases of ${id}: contract`).toBeDefined();
      if (table.differentiable.includes(true)) {
        expect(table.contract?.gradients, `test/cases of ${id}: contract.gradients`).toBeDefined();
      }
    }
  });
});

describe('the two builds', () => {
  const gyp = text('binding.gyp');
  const cmake = text('CMakeLists.txt');

  it('take their sources from native/sources.cjs and name none themselves', () => {
    for (const build of [gyp, cmake]) {
      expect(build).toContain('native/sources.cjs');
      expect(build).not.toMatch(/\w+\.cc\b/);
    }
  });

  it('compile every source there is', () => {
    const listed = (build: string) =>
      execFileSync(process.execPath, ['native/sources.cjs', build], { cwd: root, encoding: 'utf8' })
        .split(/\s+/)
        .filter(Boolean)
        .sort();
    const outside = /^native\/(?:conformance|probe|prove)\//;
    const all = (...endings: string[]) => filesUnder('native', endings).filter((file) => !outside.test(file));
    expect(listed('cpu')).toEqual(all('.cc'));
    expect(listed('cuda')).toEqual(all('.cc', '.cu').filter((file) => !file.endsWith('/cuda_absent.cc')));
  });

  it('say the same flags for floating point', () => {
    for (const build of [gyp, cmake]) expect(build).toContain('-ffp-contract=off');
    for (const banned of ['-ffast-math', '-Ofast', '-funsafe-math', '-march=native', '-fassociative-math']) {
      expect(gyp).not.toContain(banned);
      expect(cmake).not.toContain(banned);
    }
    // The standard is a property in CMake and a flag in gyp; -f, -O and -W flags must agree word for word.
    const flags = (part: string | undefined) => [...new Set(part?.match(/-[fOW][\w=+-]*/g))].sort();
    const fromGyp = /"cflags_cc": \[([\s\S]*?)\]/.exec(gyp)?.[1];
    const optimize = /set\(SAMEBITS_OPTIMIZE (-O\d)/.exec(cmake)?.[1] ?? '';
    const fromCmake = /COMPILE_LANGUAGE:CXX>:([\s\S]*?)>\s/
      .exec(cmake)?.[1]
      ?.replace(`\${SAMEBITS_OPTIMIZE}`, optimize);
    expect(flags(fromCmake)).toContain('-ffp-contract=off');
    expect(flags(fromCmake)).toEqual(flags(fromGyp));
    expect(fromGyp).toContain('-std=c++20');
    expect(cmake).toMatch(/CMAKE_CXX_STANDARD 20\)/);
    expect(cmake).toMatch(/CMAKE_CXX_EXTENSIONS OFF\)/);
  });

  it('tells the CUDA compiler to keep each rounding', () => {
    expect(cmake).toContain('--fmad=false --ftz=false --prec-div=true --prec-sqrt=true');
  });
});

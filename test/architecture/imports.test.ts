// The arrows of docs/architecture.md: who may import whom, in lib and in native.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, imports, includes, loadedWith, text } from './sources.js';

/** The rooms of lib from the bottom up; rooms in one row do not see each other unless `beside` says so. */
const rows: readonly (readonly string[])[] = [
  ['errors'],
  ['lazy'],
  ['classes', 'files'],
  ['energy'],
  ['addon'],
  ['runtime'],
  ['tensor', 'random'],
  ['autograd'],
  ['ops', 'schedules'],
  ['layers', 'losses', 'optimizers'],
  ['metrics'],
  ['trace'],
  ['formats'],
  ['data'],
  ['settings'],
  ['progress'],
  ['tensorboard'],
  ['models'],
  ['networks'],
  ['config'],
  ['tasks'],
  ['runs'],
  ['exchange'],
  ['callbacks'],
  ['training'],
  ['explain'],
  ['counting'],
  ['trials'],
  ['experiments', 'attribution', 'audit'],
  ['studies'],
  ['reports'],
  ['cli', 'public'],
];
/** Rooms that stand aside: what they may import, and who may import them. */
const aside: Record<string, readonly string[]> = { divergence: ['errors', 'addon'], stats: ['errors', 'lazy'] };
const aboveAside = ['experiments', 'attribution', 'audit', 'studies', 'reports', 'cli', 'public'];
/** Packages that only some rooms may import. */
const packages: Record<string, readonly string[]> = {
  'mathjs/number': ['stats'],
  cephes: ['stats'],
  benchmark: [],
  vega: ['reports'],
  'vega-lite': ['reports'],
  '@resvg/resvg-js': ['reports'],
  pdfkit: ['reports'],
  '@bufbuild/protobuf/wire': ['tensorboard'],
  sharp: ['data'],
  'es-module-lexer': ['tasks'],
  'csv-parse/sync': ['explain', 'data'],
  'dicom-parser': ['data'],
  'jpeg-lossless-decoder-js': ['data'],
  '@cornerstonejs/codec-openjpeg/decodewasmjs': ['data'],
  commander: ['cli'],
  'cli-progress': ['progress'],
  fflate: ['formats'],
  h5wasm: ['formats'],
};

const roomOf = (file: string): string => (file.split('/').length > 2 ? file.split('/')[1]! : '');
const rowOf = (room: string): number => (room === '' ? rows.length : rows.findIndex((row) => row.includes(room)));

/** Whether a room may import another room. */
function mayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (from in aside) return aside[from]!.includes(to);
  if (to in aside) return aboveAside.includes(from);
  return rowOf(to) < rowOf(from);
}

/** What is wrong with one import of a file of lib; undefined when nothing is. */
function fault(file: string, name: string): string | undefined {
  const from = roomOf(file);
  if (!name.startsWith('.')) {
    const owners = packages[name];
    return owners === undefined || owners.includes(from) ? undefined : `${file} imports the package ${name}`;
  }
  const target = path.join(path.dirname(file), name);
  if (!target.startsWith('lib/')) return `${file} imports ${target}, outside lib`;
  const to = roomOf(target);
  if (!mayImport(from, to)) return `${file} imports ${to}, which stands above or beside it`;
  if (from !== to && to !== '' && target !== `lib/${to}/index.js`) return `${file} imports ${target}, past its index`;
  return undefined;
}

const libFiles = filesUnder('lib', ['.ts']);

describe('lib', () => {
  it('has no room that docs/architecture.md does not name', () => {
    const known = new Set([...rows.flat(), ...Object.keys(aside), '']);
    expect([...new Set(libFiles.map(roomOf))].filter((room) => !known.has(room))).toEqual([]);
  });

  it('imports only downwards and through index.ts', () => {
    const faults = libFiles.flatMap((file) => imports(file).map((name) => fault(file, name))).filter(Boolean);
    expect(faults).toEqual([]);
  });

  it('would refuse an upward arrow, a way past an index and a foreign package', () => {
    expect(fault('lib/tensor/tensor.ts', '../ops/index.js')).toContain('stands above or beside it');
    expect(fault('lib/ops/add.ts', '../tensor/tensor.js')).toContain('past its index');
    expect(fault('lib/ops/add.ts', 'mathjs/number')).toContain('package mathjs');
    expect(imports('lib/stats/moments.ts')).toContain('mathjs/number');
    expect(fault('lib/ops/add.ts', '../tensor/index.js')).toBeUndefined();
  });

  it('loads a package when it is needed, but for the parser of the command line', () => {
    expect(new Set(libFiles.flatMap(loadedWith))).toEqual(new Set(['commander']));
    expect(loadedWith('lib/cli/program.ts')).toEqual(['commander']);
  });

  it('lets no one but addon load native code', () => {
    const loaders = libFiles.filter((file) => /createRequire|process\.dlopen|\.node'/.test(text(file)));
    expect(loaders.filter((file) => roomOf(file) !== 'addon' && /\.node\b/.test(text(file)))).toEqual([]);
  });

  it('uses no library mathematics whose last bit varies', () => {
    const exempt = ['stats', 'reports', 'cli', 'divergence'];
    const inexact =
      /Math\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|cbrt|hypot|random)\b/;
    const guilty = libFiles.filter((file) => !exempt.includes(roomOf(file)) && inexact.test(text(file)));
    expect(guilty).toEqual([]);
  });
});

const nativeRooms = ['core', 'simd', 'simt', 'ops', 'runtime', 'divergence', 'binding'];
const nativeFiles = filesUnder('native', ['.h', '.cc', '.cu', '.cuh']);

/** What is wrong with one include of a native file; undefined when nothing is. */
function includeFault(file: string, name: string): string | undefined {
  const from = file.split('/')[1]!;
  if (name === 'napi.h' || name === 'node_api.h') {
    return from === 'binding' ? undefined : `${file} includes ${name}`;
  }
  const to = name.split('/')[0]!;
  if (!nativeRooms.includes(to) || !name.includes('/')) return undefined;
  if (from === 'ops' && to === 'ops') {
    const sameFolder = name.split('/')[1] === file.split('/')[2];
    return sameFolder || name === 'ops/ops.inc' ? undefined : `${file} includes another operation's ${name}`;
  }
  if (from === 'runtime' && name === 'ops/ops.inc') return undefined;
  const order = nativeRooms.indexOf(from);
  return order < 0 || nativeRooms.indexOf(to) <= order ? undefined : `${file} includes ${name}, which stands above it`;
}

describe('native', () => {
  it('includes only downwards; only binding knows JavaScript', () => {
    const faults = nativeFiles.flatMap((file) => includes(file).map((name) => includeFault(file, name)));
    expect(faults.filter(Boolean)).toEqual([]);
  });

  it('would refuse the runtime in an operation and JavaScript in a kernel', () => {
    expect(includeFault('native/ops/add/add.cc', 'runtime/runtime.h')).toContain('stands above it');
    expect(includeFault('native/ops/add/add_body.h', 'napi.h')).toContain('includes napi.h');
  });

  it('calls no float function of the C library in an operation', () => {
    const libm = /\b(?:std::)?(?:expf?|logf?|powf?|sinf?|cosf?|tanhf?|exp2f?|log1pf?|expm1f?)\s*\(/;
    const bodies = nativeFiles.filter((file) => file.startsWith('native/ops/') || file.startsWith('native/simd/'));
    const guilty = bodies.filter((file) =>
      text(file)
        .split('\n')
        .some((line) =>
          libm.test(
            line
              .replace(/\/\/.*/, '')
              .replace(/numerics::\w+\s*\(/g, '')
              .replace(/static inline \w+ \w+\(/g, ''),
          ),
        ),
    ); // calls of our own numerics stay
    expect(guilty).toEqual([]);
  });

  it('asks for the multiply-add instruction in simd/fma.h only: elsewhere it could become a call of the C library', () => {
    const kernels = nativeFiles.filter((file) => /^native\/(?:core|ops|simd)\/.*\.(?:h|cc)$/.test(file));
    const asking = kernels.filter((file) =>
      /__builtin_fma|\bstd::fma|\bfmaf\s*\(/.test(text(file).replace(/\/\/.*/g, '')),
    );
    expect(asking).toEqual(['native/simd/fma.h']);
  });
});

// Files over 250 lines, each with the reason why it is one file; a new one is split, or says here why not. Tests are lists of
// examples and may be longer.

import { describe, expect, it } from 'vitest';
import { filesUnder, text } from './sources.js';

const kUneasy = 250;

/** Folders of tables: a longer table is no harder to read. */
const tables = /^scripts\/mutate\/native\//;

const reasons: Readonly<Record<string, string>> = {
  'lib/layers/layer.ts': 'what every layer is: a member a few lines at most, half of the lines are doc comments',
  'lib/models/fit.ts': 'the options of fit with a doc comment for each, and the loop they steer',
  'lib/models/model.ts': 'the one class that users meet: a member a screen at most, half of the lines are doc comments',
  'lib/runtime/runtime.ts': 'the one class that reaches native: a line or two for each thing it can be asked',
  'lib/settings/table.ts': 'a table: one row for each setting',
  'lib/training/training.ts': 'one training from options to its end, in the order in which it happens',
  'native/core/numerics.h': 'the elementary functions: proved together, and they share their tables',
  'native/ops/batch_norm/batch_norm.cu': 'four kernels that share one description of the shape and one chunk',
  'native/ops/batch_norm/batch_norm_body.h': 'four kernels that share one description of the shape and one chunk',
  'native/ops/dense/dense_body.h': 'four kernels over one packing of the weights',
  'native/simt/chains.h': 'the one kernel that every contraction is, and what a problem has to say for it',
  'native/ops/max_pool2d/max_pool2d_body.h':
    'special forms of one gradient, each a few lines, beside the form they must equal',
};

const lines = (file: string) => text(file).split('\n').length - 1;
const rooms = ['lib', 'native', 'scripts', 'bench'];
const long = rooms
  .flatMap((room) => filesUnder(room, ['.ts', '.mjs', '.cjs', '.h', '.cc', '.cu', '.cuh']))
  .filter((file) => !tables.test(file) && lines(file) > kUneasy);

describe('files over 250 lines', () => {
  it('have a reason', () => {
    expect(long.filter((file) => reasons[file] === undefined)).toEqual([]);
  });

  it('are all on the list: none is there that became shorter', () => {
    expect(Object.keys(reasons).filter((file) => !long.includes(file))).toEqual([]);
  });
});

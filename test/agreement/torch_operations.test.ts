// Single operations against PyTorch, forward and backward (compared/operations.ts).

import { afterAll, expect, it } from 'vitest';
import { createRuntime } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { operationsCompared } from './compared/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

it.each(operationsCompared(runtime))('$title is what PyTorch computes', ({ pairs }) => {
  const all = pairs();
  expect(all.length).toBeGreaterThan(1);
  for (const { label, got, theirs, tolerance } of all) expectClose(label, got, theirs, tolerance);
});

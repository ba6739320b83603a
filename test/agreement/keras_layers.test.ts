// Single layers against Keras, forward and backward (compared/layers.ts).

import { afterAll, expect, it } from 'vitest';
import { createRuntime } from '../../lib/index.js';
import { expectClose } from '../support/bits.js';
import { layersCompared } from './compared/index.js';

const runtime = createRuntime({ threads: 2 });
afterAll(() => runtime.dispose());

it.each(layersCompared(runtime))('$title is what Keras computes', ({ pairs }) => {
  const all = pairs();
  expect(all.length).toBeGreaterThan(1);
  for (const { label, got, theirs, tolerance } of all) expectClose(label, got, theirs, tolerance);
});

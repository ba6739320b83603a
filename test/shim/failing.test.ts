// A training on the shim's device in which one call of CUDA fails: for every such call, once and for good, and out of memory at
// every allocation. Each time there is one clear error, or the allocation is tried again and nothing is noticed; all memory is
// given back once, and what lies in the run folder goes on to the bits of a training that nothing happened to.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from '../architecture/sources.js';
import { drawnFactor } from '../drawn/index.js';
import { samebits } from '../support/cli.js';
import { buildAddon } from './build.js';

const kMinutes = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'samebits-failing-'));
const tally = join(folder, 'tally');
let addon = '';
beforeAll(async () => {
  addon = await buildAddon();
}, 15 * kMinutes);
afterAll(() => rmSync(folder, { recursive: true }));

/** What failing_child.ts prints for each plan. */
interface Told {
  plan: string;
  first: { hash?: string; name?: string; message?: string };
  hash: string;
  kept: string[];
}

/** One training for each plan, in one process, which has to end by itself with nothing left and nothing on stderr. */
function trained(plans: readonly string[]): Told[] {
  const hooks = join(root, 'test/support/typescript_hooks.mjs');
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', hooks, join(root, 'test/shim/failing_child.ts'), folder],
    {
      env: { ...process.env, SAMEBITS_ADDON: addon, SAMEBITS_SHIM_TALLY: tally, SAMEBITS_SHIM_ORDER: '0' },
      encoding: 'utf8',
      input: JSON.stringify(plans),
      maxBuffer: 1 << 26,
    },
  );
  const lines = stdout.trimEnd().split('\n');
  const last = plans[lines.length] ?? 'the end';
  expect({ status, signal, stderr }, `the process, at ${last}`).toEqual({ status: 0, signal: null, stderr: '' });
  expect(counts().get('left')).toBe(0);
  return lines.map((line) => JSON.parse(line));
}

/** How often each call was made by the last process, and what it left. */
const counts = () =>
  new Map(
    readFileSync(tally, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, count]) => [name!, Number(count)]),
  );

const illegal = 700;
const outOfMemory = 2;
const takes = ['cudaMallocFromPoolAsync', 'cudaMallocHost'];
/** Asked once a process, before any training: device.test.ts has them. */
const once = ['cudaDeviceGetAttribute', 'cudaDriverGetVersion', 'cudaGetDeviceCount'];
/** What a training that has its result still does: where it fails then, nothing is wrong with that. */
const last = [
  ...['cudaEventDestroy', 'cudaFreeAsync', 'cudaFreeHost', 'cudaMemPoolDestroy', 'cudaStreamDestroy'],
  ...['cudaStreamSynchronize', 'work'],
];

const told = [
  {
    when: (plan: string) => plan.endsWith(':sticky'),
    name: 'TargetError',
    message: /^[\w.]+: expected [\w ]+ to succeed, got an illegal memory access was encountered(; \w+ \[.+)?$/,
  },
  {
    when: (plan: string) => plan.startsWith('cudaMallocHost:'),
    name: 'TargetError',
    message: /^cuda: expected pinned memory to succeed, got out of memory$/,
  },
  {
    when: (plan: string) => plan.endsWith(':always'),
    name: 'NativeError',
    message: /^(cuda|\w+\.\w+): expected \d+ bytes of memory, got none; the device is out of memory(; \w+ \[.+)?$/,
  },
];

it(
  'a training is refused in clear words or does not notice, for each call that fails, and can be gone on with',
  () => {
    const [straight] = trained(['']);
    expect(straight!.first.hash).toBe(straight!.hash);
    const plans = [...counts()].flatMap(([call, count]) =>
      ['left', ...once].includes(call)
        ? []
        : Array.from({ length: count }, (_, i) => [
            `${call}:${i + 1}:${illegal}:sticky`,
            ...(takes.includes(call)
              ? [`${call}:${i + 1}:${outOfMemory}`, `${call}:${i + 1}:${outOfMemory}:always`]
              : []),
          ]).flat(),
    );
    expect(plans.length).toBeGreaterThan(600);
    // Evenly spaced, the first and the last among them; all of them where more cases are drawn than usual.
    const spacing = drawnFactor > 1 ? 1 : (plans.length - 1) / 15;
    const drawn = plans.filter((_, i) => Math.floor(i / spacing) !== Math.floor((i - 1) / spacing));
    const found = trained(drawn);
    expect(found.map(({ plan }) => plan)).toEqual(drawn);
    for (const { plan, first, ...end } of found) {
      expect({ plan, hash: end.hash, kept: end.kept }).toEqual({ plan, hash: straight!.hash, kept: straight!.kept });
      const [call, , , how] = plan.split(':') as [string, string, string, string?];
      const recovers = how === undefined && call === 'cudaMallocFromPoolAsync';
      if (recovers || (first.hash !== undefined && last.includes(call))) {
        expect({ plan, first }).toEqual({ plan, first: { hash: straight!.hash } });
        continue;
      }
      const { name, message } = told.find(({ when }) => when(plan))!;
      expect({ plan, name: first.name }).toEqual({ plan, name });
      expect(first.message, plan).toMatch(message);
    }
    expect(found.filter(({ first }) => first.name !== undefined).length).toBeGreaterThan(drawn.length / 2);
  },
  60 * kMinutes,
);

it('the command line says it in one line, and ends', () => {
  const out = join(folder, 'command');
  const words = [
    'train',
    '--model',
    join(folder, 'small.json'),
    '--data',
    'synthetic',
    '--samples',
    '4',
    '--image-size',
    '12',
  ];
  const rest = ['--epochs', '1', '--batch-size', '2', '--device', 'cuda', '--out', out];
  const env = { SAMEBITS_ADDON: addon, SAMEBITS_SHIM_FAIL: `work:100:${illegal}:sticky` };
  const { code, stdout, stderr } = samebits([...words, ...rest], env);
  const said = stderr.split('\n').filter((line) => /expected|Error|^ +at /.test(line));
  expect({ code, stdout, said }).toEqual({
    code: 2,
    stdout: '',
    said: ['samebits: cuda: expected the work on the device to succeed, got an illegal memory access was encountered'],
  });
});

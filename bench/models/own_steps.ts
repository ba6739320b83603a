/**
 * A training of ours as a process: takes one command per line on stdin and answers with one line of JSON.
 *   step      one training step: seconds, loss, peak memory
 *   profile   one training step in which every kernel call is timed: kernel, shapes, seconds
 */
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Isa, type Mode, Runtime } from '../../lib/runtime/index.js';
import { timeKernels } from '../recorder.js';
import { Training } from './network.js';
import { peakMemoryMiB } from './peak_memory.js';
import type { Ready, StepReply } from './step_process.js';

const text = { type: 'string', default: '' } as const;
const { values } = parseArgs({
  options: {
    ...{ model: text, isa: text, mode: text, threads: text, batch: text, size: text, kind: text },
    ...{ channels: { ...text, default: '3' }, classes: { ...text, default: '2' } },
    // 'true' or 'false', or nothing for networks without that option.
    augmentation: text,
    'network-options': { ...text, default: '{}' },
  },
});

const runtime = new Runtime({ isa: values.isa as Isa, mode: values.mode as Mode, threads: Number(values.threads) });
const training = new Training(runtime, values.model, {
  batch: Number(values.batch),
  size: Number(values.size),
  channels: Number(values.channels),
  classes: Number(values.classes),
  kind: values.kind === 'mask' ? 'mask' : 'class',
  ...(values.augmentation !== '' && { augmentation: values.augmentation === 'true' }),
  networkOptions: JSON.parse(values['network-options']),
});

/** Seeds among a kernel's settings are integers that JSON has no word for. */
const plain = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

function answer(reply: object): void {
  process.stdout.write(`${JSON.stringify(reply, plain)}\n`);
}

function step(): StepReply {
  const start = process.hrtime.bigint();
  const loss = training.step();
  const seconds = Number(process.hrtime.bigint() - start) * 1e-9;
  return { seconds, loss, peakMemoryMiB: peakMemoryMiB() };
}

answer({ name: runtime.target, parameters: training.parameters } satisfies Ready);
for await (const command of createInterface({ input: process.stdin })) {
  answer(command === 'profile' ? timeKernels(runtime, () => training.step()) : step());
}

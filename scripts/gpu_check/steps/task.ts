/** What the programs of scripts/gpu-check are told, and how they answer: lines of JSON, the last one is the result. */
import { parseArgs } from 'node:util';
import type { Device, Isa, Mode } from '../../../lib/runtime/index.js';

export interface Task {
  /** Where to compute. On the CPU the instruction set may be named. */
  device: Device;
  isa: Isa | 'auto';
  mode: Mode;
  model: string;
  /** A folder of pictures, or `synthetic`. */
  data: string;
  /** Folder of prepared pictures. */
  cache: string;
  samples: number;
  imageSize: number;
  batchSize: number;
  /** Steps, trainings or turns, as the program says; in train 0 means the whole epoch. */
  steps: number;
  runs: number;
  /** Of the FP32 units in flops a second and of the memory in bytes a second; 0 where they are not known. */
  peakFlops: number;
  peakBytes: number;
}

/** The task on this process's command line. Everything was checked by scripts/gpu_check/options.mjs. */
export function readTask(): Task {
  const text = (value: string) => ({ type: 'string', default: value }) as const;
  const { values } = parseArgs({
    options: {
      device: text('cuda'),
      isa: text('auto'),
      mode: text('deterministic'),
      model: text('keras_convnet'),
      data: text('synthetic'),
      cache: text(''),
      samples: text('0'),
      'image-size': text('180'),
      'batch-size': text('32'),
      steps: text('20'),
      runs: text('5'),
      'peak-flops': text('0'),
      'peak-bytes': text('0'),
    },
  });
  return {
    device: values.device as Device,
    isa: values.isa as Isa | 'auto',
    mode: values.mode as Mode,
    model: values.model,
    data: values.data,
    cache: values.cache,
    samples: Number(values.samples),
    imageSize: Number(values['image-size']),
    batchSize: Number(values['batch-size']),
    steps: Number(values.steps),
    runs: Number(values.runs),
    peakFlops: Number(values['peak-flops']),
    peakBytes: Number(values['peak-bytes']),
  };
}

/** One line of the answer. */
export function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

// The steps of the check in the order they are run: what must hold first, then what is measured. `seconds` is what a step
// may take at the most: all that follow the preparation fit into eight minutes together.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { conformance, sanitizer } from './cases.mjs';
import { expectSuccess, hooks, program, root } from './child.mjs';
import { atomicRuns, control, epochs, functions, training } from './correctness.mjs';
import { build } from './native_build.mjs';
import { Stop } from './options.mjs';
import { writeResult } from './result.mjs';
import { networks, probeAndSpeed, torchAndProfile } from './speed.mjs';

export const work = path.join(root, 'build/gpu_check');
/** As in the paper, but for the number of pictures, which is an option. */
export const paperSize = {
  imageSize: 180,
  batchSize: 32,
  firstSteps: 20,
  runs: 5,
  every: 1,
  sanitized: 8,
  races: 5000,
};
/** What lies in a pack and is written by the first steps in a clone: the cases, and the first steps of both networks. */
export const carried = (folder) => ({ cases: path.join(folder, 'cases'), golden: path.join(folder, 'golden.json') });

/** How a program of steps/ is run: on the pictures of the options and the addon that is checked. */
export function runner({ options, found, size }) {
  const task = {
    data: options.data,
    cache: path.join(work, 'pictures'),
    samples: options.data === 'synthetic' ? options.samples : 0,
    'image-size': size.imageSize,
    'batch-size': size.batchSize,
  };
  const run = (name, changes, rest) => program(name, { ...task, ...changes }, { addon: found.programs.addon, ...rest });
  return Object.assign(run, { task });
}

/** Writes the cases of every operation with what the CPU gives. */
export async function writeCases(file, { addon, signal, most }) {
  const args = [
    '--import',
    hooks,
    'test/conformance/export_cases.ts',
    file,
    ...(most === undefined ? [] : [String(most)]),
  ];
  await expectSuccess(process.execPath, args, { signal, env: { SAMEBITS_ADDON: addon } });
}

/** Writes the loss and the hashes of the first steps of both networks on the CPU. */
export async function writeGolden(file, { ours, size, signal }) {
  const steps = {};
  for (const model of networks) {
    const lines = await ours('train', { model, device: 'cpu', steps: size.firstSteps }, { signal });
    steps[model] = lines.slice(0, -1);
  }
  writeResult(file, steps);
}

function preparation({ options, found, device, folder, ours, size, places, packed }) {
  return [
    {
      name: 'build',
      title: 'building the addon and the programs',
      seconds: Math.max(360, 40 * options.minutes),
      run: async (signal) => {
        const { built, jobs } = options;
        if (built !== undefined) return { passed: true, figures: { given: true } };
        return { passed: true, figures: { jobs, ...(await build(options, { device, folder, signal })) } };
      },
    },
    {
      name: 'device',
      title: 'asking the addon for the device',
      seconds: 15,
      run: async (signal) => {
        const [{ cuda, ...figures }] = await ours('device', {}, { signal });
        if (!cuda.available) throw new Stop(`expected a CUDA device, got none; ${cuda.reason}`, 3);
        Object.assign(found, { contract: figures.contract, target: `cuda/${cuda.architecture}` });
        return { passed: true, figures: { ...figures, target: found.target } };
      },
    },
    ...(packed ? [] : inClone({ found, ours, size, places })),
    {
      name: 'pictures',
      title: 'preparing pictures',
      seconds: 20,
      vital: false,
      run: async (signal) => {
        const [figures] = await ours('pictures', {}, { signal });
        return { passed: true, figures };
      },
    },
  ].map((step) => ({ vital: true, ...step, required: true, always: true }));
}

/** What a pack brings along. */
const inClone = ({ found, ours, size, places }) => [
  {
    name: 'cases',
    title: 'writing the cases of every operation with what the CPU gives',
    seconds: 90,
    vital: false,
    run: async (signal) => {
      await writeCases(places.cases, { addon: found.programs.addon, signal });
      return { passed: true };
    },
  },
  {
    name: 'golden',
    title: `training ${size.firstSteps} steps of both networks on the CPU`,
    seconds: 120,
    vital: false,
    run: async (signal) => {
      await writeGolden(places.golden, { ours, size, signal });
      return { passed: true };
    },
  },
];

function correctness({ found: { programs }, size, ours, places }) {
  const { firstSteps, runs, every, races } = size;
  const golden = (model) => {
    if (existsSync(places.golden)) return JSON.parse(readFileSync(places.golden, 'utf8'))[model];
    throw new Error(`expected the steps of the CPU in ${places.golden}, got no such file`);
  };
  return [
    {
      name: 'conformance',
      title: 'every case of every operation, device against CPU',
      seconds: 40,
      run: (signal, kept) => conformance({ programs, cases: places.cases, runs, every }, signal, kept),
    },
    ...networks.map((model) => ({
      name: `training-${model}`,
      title: `${model}: ${firstSteps} steps on the device against those of the CPU`,
      seconds: 20,
      run: (signal, kept) => training({ ours, model, golden: golden(model) }, signal, kept),
    })),
    {
      name: 'control',
      title: 'racing sums: one bit pattern, in atomic mode more',
      seconds: 15,
      run: (signal) => control({ ours, runs: races }, signal),
    },
    {
      name: 'atomic-runs',
      title: 'five trainings in atomic mode and how far they come apart',
      seconds: 20,
      run: (signal) => atomicRuns({ ours, runs: 5, steps: firstSteps }, signal),
    },
    {
      name: 'functions',
      title: 'elementary functions over all 2^32 inputs',
      seconds: 35,
      run: (signal, kept) => functions({ programs, which: size.functions ?? 'all' }, signal, kept),
    },
  ].map((step) => ({ ...step, required: true }));
}

function wholeEpochs({ ours, size: { firstSteps } }) {
  return networks.map((model) => ({
    name: `epoch-${model}`,
    title: `${model}: epochs timed in both modes, and one on CPU and device step by step`,
    seconds: 30,
    required: true,
    run: (signal, kept) => epochs({ ours, model, runs: 2, firstSteps }, signal, kept),
  }));
}

function sanitizers({ found: { programs }, size: { sanitized }, places }) {
  return ['memcheck', 'racecheck'].map((tool) => ({
    name: tool,
    title: `compute-sanitizer ${tool} on one case in ${sanitized}`,
    seconds: 35,
    required: true,
    run: (signal, kept) => sanitizer({ programs, cases: places.cases, tool, every: sanitized }, signal, kept),
  }));
}

/**
 * The steps for these options. `device` is what nvidia-smi says, `folder` where to build; `found` holds the programs and is
 * filled by the steps: the contract, the target, peaks, times. `packed` is the manifest of a pack, undefined in a clone.
 */
export function planOf({ options, found, device, folder, packed }) {
  const size = packed?.size ?? paperSize;
  const places = carried(packed === undefined ? work : root);
  const context = { options, found, device, folder, size, places, packed };
  const all = { ...context, ours: runner(context) };
  const steps = [
    ...preparation(all),
    ...correctness(all),
    ...probeAndSpeed(all).map((step) => ({ ...step, required: false })),
    ...wholeEpochs(all),
    ...torchAndProfile(all).map((step) => ({ ...step, required: false })),
    ...sanitizers(all),
  ];
  const { only } = options;
  return only === undefined ? steps : steps.filter(({ name, always }) => always || only.includes(name));
}

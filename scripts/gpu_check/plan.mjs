// The steps of the check in the order they are run: what must hold first, then what is measured. `seconds` is what a step
// may take at the most; with a dozen cores all of them together take a few minutes.
import path from 'node:path';
import { expectSuccess, hooks, program, root } from './child.mjs';
import { atomicRuns, conformance, control, functions, sanitizer, training } from './correctness.mjs';
import { build } from './native_build.mjs';
import { Stop } from './options.mjs';
import { networks, speedSteps } from './speed.mjs';

export const work = path.join(root, 'build/gpu_check');
/** As in the paper, but for the number of pictures, which is an option. */
export const paperSize = { imageSize: 180, batchSize: 32, firstSteps: 20 };

/** How a program of steps/ is run: on the pictures of the options and the addon that is checked. */
function runner({ options, found, size }) {
  const task = {
    data: options.data,
    cache: path.join(work, 'pictures'),
    samples: options.data === 'synthetic' ? options.samples : 0,
    'image-size': size.imageSize,
    'batch-size': size.batchSize,
  };
  return (name, changes, rest) => program(name, { ...task, ...changes }, { addon: found.programs.addon, ...rest });
}

function preparation({ options, found, device, folder, ours, cases }) {
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
      seconds: 60,
      run: async (signal) => {
        const [{ cuda, ...figures }] = await ours('device', {}, { signal });
        if (!cuda.available) throw new Stop(`expected a CUDA device, got none; ${cuda.reason}`, 3);
        Object.assign(found, { contract: figures.contract, target: `cuda/${cuda.architecture}` });
        return { passed: true, figures: { ...figures, target: found.target } };
      },
    },
    {
      name: 'cases',
      title: 'writing the cases of every operation with what the CPU gives',
      seconds: 90,
      vital: false,
      run: async (signal) => {
        const args = ['--import', hooks, 'test/conformance/export_cases.ts', cases];
        await expectSuccess(process.execPath, args, { signal, env: { SAMEBITS_ADDON: found.programs.addon } });
        return { passed: true };
      },
    },
    {
      name: 'pictures',
      title: 'preparing pictures',
      seconds: 90,
      vital: false,
      run: async (signal) => {
        const [figures] = await ours('pictures', {}, { signal });
        return { passed: true, figures };
      },
    },
  ].map((step) => ({ vital: true, ...step, required: true, always: true }));
}

function correctness({ found: { programs }, size: { firstSteps }, ours, cases }) {
  return [
    {
      name: 'conformance',
      title: 'every case of every operation, device against CPU',
      seconds: 60,
      run: (signal) => conformance({ programs, cases, runs: 5 }, signal),
    },
    {
      name: 'control',
      title: 'racing sums: one bit pattern, in atomic mode more',
      seconds: 60,
      run: (signal) => control({ ours, runs: 5000 }, signal),
    },
    {
      name: 'functions',
      title: 'elementary functions over all 2^32 inputs',
      seconds: 60,
      run: (signal) => functions({ programs, which: 'all' }, signal),
    },
    ...networks.map((model) => ({
      name: `training-${model}`,
      title: `${model}: ${firstSteps} steps and one epoch on CPU and device`,
      seconds: 120,
      run: (signal) => training({ ours, model, firstSteps }, signal),
    })),
    {
      name: 'atomic-runs',
      title: 'five trainings in atomic mode and how far they come apart',
      seconds: 60,
      run: (signal) => atomicRuns({ ours, runs: 5, steps: firstSteps }, signal),
    },
    ...[
      { tool: 'memcheck', every: 2 },
      { tool: 'racecheck', every: 4 },
    ].map(({ tool, every }) => ({
      name: tool,
      title: `compute-sanitizer ${tool} on one case in ${every}`,
      seconds: 90,
      run: (signal) => sanitizer({ programs, cases, tool, every }, signal),
    })),
  ].map((step) => ({ ...step, required: true }));
}

/**
 * The steps for these options. `device` is what nvidia-smi says, `folder` where to build; `found` holds the programs and is
 * filled by the steps: the contract, the target, peaks, times.
 */
export function planOf({ options, found, device, folder, size = paperSize }) {
  const context = { options, found, device, folder, size, cases: path.join(work, 'cases') };
  const ours = runner(context);
  const all = [
    ...preparation({ ...context, ours }),
    ...correctness({ ...context, ours }),
    ...speedSteps({ ...context, ours }).map((step) => ({ ...step, required: false })),
  ];
  const { only } = options;
  return only === undefined ? all : all.filter(({ name, always }) => always || only.includes(name));
}

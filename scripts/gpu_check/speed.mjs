// What is measured once the results are known to be right: steps of both networks in both modes, the large kernels of a step
// against the device's peaks, PyTorch's steps of the same networks, and a profile of one step.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expectSuccess, programArguments, root, values } from './child.mjs';
import { notRun } from './runner.mjs';
import { findTool } from './tools.mjs';

const peer = path.join(root, 'bench/models/peers/torch_networks_cuda.py');
/** The paper's two networks. */
export const networks = ['keras_convnet', 'mini_xception'];
const modes = ['deterministic', 'atomic'];
const kTurns = 40;

/** The middle of a list of numbers. */
export function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The first python that imports torch; { missing: why } when none does. */
function findTorch(asked) {
  const reasons = [];
  for (const python of asked === undefined ? ['python3', '/usr/bin/python3'] : [asked]) {
    const { status, stderr, error } = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
    if (status === 0) return { python };
    reasons.push(`${python}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
  }
  return { missing: reasons.join('; ') };
}

const best = (list) => Math.max(0, ...(list ?? []));

/** What a profile says of each kernel: its time, what it reached of the device, and what of its arithmetic divides or spills. */
const metrics = [
  'gpu__time_duration.sum',
  'sm__throughput.avg.pct_of_peak_sustained_elapsed',
  'gpu__dram_throughput.avg.pct_of_peak_sustained_elapsed',
  'sm__warps_active.avg.pct_of_peak_sustained_active',
  'launch__registers_per_thread',
  'launch__grid_size',
];

/** Profiles one training step kernel by kernel into a CSV file of the folder that is kept. */
async function profile({ task, addon, command = findTool('ncu') }, signal, { figures, file }) {
  if (command === undefined) return notRun('no ncu');
  const csv = file(`profile-${task.model}.csv`);
  const flags = [
    '--csv',
    '--page',
    'raw',
    '--clock-control',
    'none',
    '--metrics',
    metrics.join(','),
    '--log-file',
    csv,
  ];
  const rows = () =>
    existsSync(csv)
      ? readFileSync(csv, 'utf8')
          .split('\n')
          .filter((line) => /^"\d+"/.test(line))
      : [];
  try {
    const ours = programArguments('profile', task);
    await expectSuccess(command, [...flags, process.execPath, ...ours], { signal, env: { SAMEBITS_ADDON: addon } });
  } catch (error) {
    figures.kernels = rows().length;
    return { ...notRun(`ncu does not come to its end here: ${error.message}`), figures };
  }
  figures.kernels = rows().length;
  return figures.kernels > 0 ? { passed: true, figures } : { ...notRun('ncu saw no kernel'), figures };
}

export function probeAndSpeed({ found, ours }) {
  const speed = (model) => ({
    name: `speed-${model}`,
    title: `${model}: steps in both modes, and the large kernels`,
    seconds: 30,
    run: async (signal) => {
      const peaks = {
        'peak-flops': 1e9 * best(found.peaks?.fmaGflops),
        'peak-bytes': 1e9 * best(found.peaks?.copyGBps),
      };
      const [figures] = await ours('speed', { model, steps: kTurns, ...peaks }, { signal });
      for (const mode of modes) figures.steps[mode].medianSeconds = median(figures.steps[mode].seconds);
      figures.deterministicByAtomic = figures.steps.deterministic.medianSeconds / figures.steps.atomic.medianSeconds;
      found.steps = { ...found.steps, [model]: figures.steps.deterministic.medianSeconds };
      return { passed: true, figures };
    },
  });
  const probe = {
    name: 'probe',
    title: 'measuring the peaks of the device',
    seconds: 10,
    run: async (signal) => {
      [found.peaks] = await values(found.programs.probe, ['5', '1024'], { signal });
      return { passed: true, figures: found.peaks };
    },
  };
  return [probe, ...networks.map(speed)];
}

export function torchAndProfile({ options, found, ours }) {
  const torch = (model) => ({
    name: `torch-${model}`,
    title: `${model} in PyTorch, deterministic off and on`,
    seconds: 20,
    run: async (signal) => {
      const { python, missing } = findTorch(options.python);
      if (missing !== undefined) return notRun(`no torch: ${missing}`);
      const rows = [];
      for (const flags of [[], ['--deterministic']]) {
        const [row] = await values(python, [peer, '--model', model, '--steps', String(kTurns), ...flags], { signal });
        if (row.missing !== undefined) return notRun(row.missing);
        rows.push({ ...row, medianSeconds: median(row.layouts[0].seconds) });
      }
      const ownByTorch = found.steps?.[model] === undefined ? null : found.steps[model] / rows[1].medianSeconds;
      return { passed: true, figures: { rows, deterministicByTorchDeterministic: ownByTorch } };
    },
  });
  const profiled = (model) => ({
    name: `profile-${model}`,
    title: `${model}: one step under ncu`,
    seconds: 15,
    run: (signal, kept) =>
      profile({ task: { ...ours.task, model }, addon: found.programs.addon, command: options.ncu }, signal, kept),
  });
  return [...networks.map(torch), ...networks.map(profiled)];
}

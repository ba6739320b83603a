/** Runs the benches, prints one page and keeps every raw time as JSON. Nothing here judges a time. */
import { loadavg } from 'node:os';
import { SamebitsError } from '../lib/errors/index.js';
import { benchGrowth, growthPage } from './growth/growth.js';
import { growthPlot } from './growth/plot.js';
import { describeMachine, type Machine, measurePeaks, type Probed, roofs } from './machine.js';
import { benchModels } from './models/models.js';
import { modelsPage } from './models/page.js';
import { benchModes, modesPage } from './modes/modes.js';
import { benchNetworks, networksPage } from './networks/networks.js';
import { benchOps, opsPage } from './ops/ops.js';
import { type BenchOptions, readOptions, usage } from './options.js';
import { digits, textTable } from './page.js';
import { benchReading, readingPage } from './reading/reading.js';
import { type BenchResult, writePlot, writeResult } from './result.js';
import { benchStart, startPage } from './start/start.js';
import { benchStudy, studyPage } from './study/study.js';
import { benchTrace, tracePage } from './trace/trace.js';

/** One line on stderr that is overwritten; silent when stderr is no terminal. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function machinePage(machine: Machine, peaks: Probed, { isas, threads }: BenchOptions): string {
  const rows = isas.flatMap((isa) =>
    threads.map((count) => {
      const { flops, bytes, readBytes } = roofs(peaks, isa, count);
      return [isa, String(count), digits(flops * 1e-9), digits(bytes * 1e-9), digits(readBytes * 1e-9)];
    }),
  );
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.cacheMiB} MiB last cache, ${machine.memoryMiB} MiB memory`,
    `${machine.system}, node ${machine.node}, compiler ${machine.compiler}; isas ${machine.isas.join(', ')}`,
    `load average before: ${machine.loadBefore.toFixed(2)}`,
    textTable(['isa', 'threads', 'peak GFLOP/s', 'peak GB/s', 'reading alone'], rows),
  ].join('\n');
}

function print(title: string, text: string): void {
  progress('');
  process.stdout.write(`\n${title}\n${'='.repeat(title.length)}\n${text}\n`);
}

async function run(options: BenchOptions): Promise<void> {
  const { out, ...measured } = options;
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  progress('measuring peaks');
  const peaks = measurePeaks(options.threads, machine.cacheMiB, options.quick ? 5 : 15);
  const result: BenchResult = {
    ...{ format: 2, startedAt, machine, options: measured, peaks },
    ...{
      ops: [],
      modes: [],
      models: [],
      networks: [],
      growth: [],
      trace: [],
      start: [],
      reading: [],
      study: null,
      loadAfter: 0,
    },
  };
  print('Machine', machinePage(machine, peaks, options));
  if (options.parts.includes('ops')) {
    result.ops = await benchOps(options, progress);
    print('Kernels', opsPage(result.ops, peaks));
  }
  if (options.parts.includes('modes')) {
    result.modes = await benchModes(options, progress);
    print('Price of determinism', modesPage(result.modes));
  }
  if (options.parts.includes('models')) {
    result.models = await benchModels(options, machine, progress);
    print('Training steps', modelsPage(result.models, machine, peaks));
  }
  if (options.parts.includes('networks')) {
    result.networks = await benchNetworks(options, machine, progress);
    print('Steps of the named networks', networksPage(result.networks, machine));
  }
  if (options.parts.includes('growth')) {
    result.growth = await benchGrowth(options, progress);
    print('Growth of a step', growthPage(result.growth));
    if (result.growth.length > 0) print('Plot', writePlot(result, await growthPlot(result.growth), out));
  }
  if (options.parts.includes('trace')) {
    result.trace = await benchTrace(options, progress);
    print('Price of a trace', tracePage(result.trace));
  }
  if (options.parts.includes('start')) {
    result.start = benchStart(options, process.cwd(), progress);
    print('Starts', startPage(result.start));
  }
  if (options.parts.includes('reading')) {
    result.reading = await benchReading(options, progress);
    print('Reading pictures', readingPage(result.reading));
  }
  if (options.parts.includes('study')) {
    result.study = await benchStudy(options, process.cwd(), progress);
    print('A study', studyPage(result.study));
  }
  result.loadAfter = loadavg()[0]!;
  print('Raw times', writeResult(result, out));
}

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof SamebitsError)) throw error;
  console.error(error.code === 'ARGUMENT' ? `${error.message}\n${usage}` : error.message);
  process.exitCode = error.code === 'ARGUMENT' ? 2 : 1;
}

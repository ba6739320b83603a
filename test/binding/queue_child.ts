// The child of queue.test.ts: asks for calls of which one finds no memory when it is computed, and prints what it is told and
// what the others gave.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { type NativeTensor, native } from '../../lib/addon/index.js';

/** Lets this process have so much more address space than it has now; null for no limit. */
function limit(more: number | null): void {
  const pages = Number(fs.readFileSync('/proc/self/statm', 'utf8').split(' ')[0]);
  const most = more === null ? 'unlimited' : pages * 4096 + more;
  const { status, stderr } = spawnSync('prlimit', ['--pid', String(process.pid), `--as=${most}:`], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

const runtime = native.createRuntime('scalar', 'deterministic', Number(process.argv[2]));
function filled(value: number, ...shape: number[]): NativeTensor {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value);
  const storage = native.allocate(runtime, values.byteLength);
  native.write(storage, values, 0);
  return { storage, dtype: 0, shape };
}
function only({ storage }: NativeTensor): number {
  const one = new Float32Array(1);
  native.read(storage, one, 0);
  return one[0]!;
}

const channels = 2 ** 22;
const [x, weight] = [filled(1, 1, 1, 1, channels), filled(1, 1, 1, channels, 1)];
const [before, sum, behind] = [filled(-1, 1), filled(-1, 1, 1, 1, 1), filled(-1, 1)];
const [two, three] = [filled(2, 1), filled(3, 1)];
const point = {
  ...{
    strideH: 1,
    strideW: 1,
    dilationH: 1,
    dilationW: 1,
    groups: 1,
    activation: 0,
    slope: 0,
    threshold: 0,
    ceiling: 0,
  },
  ...{ padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 },
};

function ask(): string {
  try {
    native.run(runtime, 'relu.forward', [two, before], {});
    // Packs the weight sixteen wide: 256 MiB.
    native.run(runtime, 'conv2d.forward', [x, weight, null, sum], point);
    native.run(runtime, 'relu.forward', [three, behind], {});
    native.finish(runtime);
    return 'nothing';
  } catch (error) {
    return (error as Error).message;
  }
}

const values = () => [before, sum, behind].map(only);
limit(2 ** 27);
const short = { told: ask(), values: values() };
limit(null);
console.log(JSON.stringify({ short, enough: { told: ask(), values: values() } }));
runtime.dispose();

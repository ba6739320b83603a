/**
 * Partial sums of operations that scatter: a gradient of an input is added to row by row of dy, several rows in one task.
 * What one row adds is what the element is when all other values of dy are zero, which is how FPRev tells summands apart.
 */
import { contractOf, createRuntime, type Isa } from '../../runtime/index.js';
import { Tensor } from '../../tensor/index.js';
import type { StoredTensor } from '../../trace/index.js';
import type { CallElement, Contributions } from './lone_call.js';
import { bitsOf, findOrder } from './orders.js';
import type { CapturedCall } from './stage.js';

/** Calls made whose values the rows have to explain. */
const checks = 4;

/** Rows of dy that reach a row of the input, ascending. */
function reachingRows({ settings, before }: CapturedCall, dy: StoredTensor, row: number): number[] {
  const of = (name: string, otherwise: number) => Number(settings[name] ?? otherwise);
  const taps = of('kernelH', before.find((tensor) => tensor?.name === 'weight')?.shape[0] ?? 1);
  const rows = Array.from({ length: taps }, (_, tap) => row + of('padTop', 0) - tap * of('dilationH', 1));
  const stride = of('strideH', 1);
  const whole = rows.filter((at) => at % stride === 0).map((at) => at / stride);
  return whole.filter((at) => at >= 0 && at < dy.shape[1]!).sort((a, b) => a - b);
}

/** The values of dy with all but one row of one picture zero. */
function masked({ data, shape }: StoredTensor, picture: number, row: number): Float32Array {
  const values = new Float32Array(data.length);
  const [, height, width, channels] = shape as [number, number, number, number];
  const begin = (picture * height + row) * width * channels;
  const end = begin + width * channels;
  values.set((data as Float32Array).subarray(begin, end), begin);
  return values;
}

/** What an element of a scattered gradient is the sum of; undefined where rows of dy do not explain its values. */
export function rowContributions(call: CapturedCall, element: CallElement, isa: Isa): Contributions | undefined {
  const at = call.before.findIndex((tensor) => tensor?.name === 'dy');
  const dx = call.after[element.slot]!;
  if (contractOf(call.kernel).part !== 'rows' || at < 0 || dx.shape.length !== 4) return undefined;
  const dy = call.before[at]!;
  const [, height, width, channels] = dx.shape as [number, number, number, number];
  const line = Math.floor(element.index / (width * channels));
  const [picture, row] = [Math.floor(line / height), line % height];
  using runtime = createRuntime({ isa, mode: 'atomic', threads: 1, arrival: { seed: 1 } });
  const tensors = call.before.map((tensor) => {
    if (tensor === null) return null;
    const copy = Tensor.empty(runtime, tensor.shape, tensor.dtype);
    copy.write(tensor.data);
    return copy;
  });
  const valueWith = (values: StoredTensor['data'], draw: number): number => {
    tensors[at]!.write(values);
    runtime.beginStep(draw);
    const native = tensors.map((tensor) => tensor?.native() ?? null);
    runtime.run(call.kernel, native, call.settings);
    return (tensors[element.slot]!.data() as Float32Array)[element.index]!;
  };
  try {
    const rows = reachingRows(call, dy, row);
    const partials = rows.map((one) => valueWith(masked(dy, picture, one), 0));
    const values = Array.from({ length: checks }, (_, draw) => valueWith(dy.data, draw));
    const explained = values.every((value) => {
      const { order } = findOrder(partials, (sum) => bitsOf(sum) === bitsOf(value));
      return order !== undefined;
    });
    if (!explained) return undefined;
    const finish = new Map(values.map((value) => [bitsOf(value), value]));
    return { loop: 0, tasks: rows, rows: true, partials, finish };
  } finally {
    for (const tensor of tensors) tensor?.dispose();
  }
}

/** `samebits weights`: weights of a run, or of a file, as the paper's listings 4 and 5 show them. */
import { existsSync, statSync } from 'node:fs';
import { Command } from 'commander';
import { ArgumentError, show } from '../../errors/index.js';
import type { StoredTensor } from '../../runs/index.js';
import { arrayText, shapeText } from '../array_text.js';
import { printJson } from '../json.js';
import { sliceOf } from '../slice.js';

interface Options {
  tensor?: string;
  slice?: string;
  json?: true;
}

/** The tensor of this number, from the end if it is below 0, or name, with its number. */
function find(tensors: readonly StoredTensor[], asked: string): { number: number; tensor: StoredTensor } {
  const named = tensors.findIndex(({ name }) => name === asked);
  const given = /^[+-]?\d{1,9}$/.test(asked) ? Number(asked) : Number.NaN;
  const number = named >= 0 ? named : given < 0 ? given + tensors.length : given;
  const tensor = tensors[number];
  if (tensor !== undefined) return { number, tensor };
  const expected = `a number from ${-tensors.length} to ${tensors.length - 1} or the name of a tensor`;
  throw new ArgumentError({ who: '--tensor', expected, got: show(asked), hint: 'without --tensor all are listed' });
}

function list(file: string, tensors: readonly StoredTensor[], json: boolean): void {
  const table = tensors.map(({ name, shape, dtype }, number) => ({ number, name, shape, dtype }));
  if (json) {
    printJson('weights', { file, tensors: table });
    return;
  }
  const width = table.reduce((most, one) => Math.max(most, one.name.length), 0);
  const wide = String(table.length - 1).length;
  const lines = table.map(({ number, name, shape, dtype }) =>
    [String(number).padStart(wide), name.padEnd(width), dtype, shapeText(shape)].join('  '),
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The bits of 4-byte values in hex; what JSON numbers cannot say, NaN above all, is in them. */
function bitsOf(data: StoredTensor['data'], offsets: readonly number[]): string[] {
  const { BYTES_PER_ELEMENT: size } = data;
  const words = size === 1 ? data : new Uint32Array(data.buffer, data.byteOffset, data.length);
  return offsets.map((offset) => words[offset]!.toString(16).padStart(2 * size, '0'));
}

function print(file: string, tensors: readonly StoredTensor[], options: Options & { tensor: string }): void {
  const { number, tensor } = find(tensors, options.tensor);
  const { name, dtype, data } = tensor;
  const { shape, offsets } = sliceOf(options.slice ?? '...', tensor.shape);
  const values = offsets.map((offset) => data[offset]!);
  if (options.json) {
    const place = { file, number, name, slice: options.slice ?? null };
    printJson('weights-tensor', { ...place, dtype, shape, values, bits: bitsOf(data, offsets) });
    return;
  }
  const slice = options.slice === undefined ? '' : `[${options.slice}]`;
  const about = `<samebits.Tensor ${show(name)}: shape=${shapeText(shape)}, dtype=${dtype}, numpy=`;
  process.stdout.write(`In : weights[${number}]${slice}\nOut: ${about}\n${arrayText({ shape, dtype, values })}>\n`);
}

async function weights(run: string | undefined, options: Options): Promise<void> {
  const expected = 'a run folder or a file of weights';
  if (run === undefined) throw new ArgumentError({ who: 'weights', expected, got: 'none' });
  if (!existsSync(run)) {
    throw new ArgumentError({ who: 'weights', expected, got: show(run), hint: 'there is no such file or folder' });
  }
  const { tensor } = options;
  if (tensor === undefined && options.slice !== undefined) {
    throw new ArgumentError({ who: '--tensor', expected: 'a value beside --slice', got: 'none' });
  }
  const { lastWeightsPath } = await import('../../runs/index.js');
  const { tensorsIn } = await import('../../exchange/index.js');
  const file = statSync(run).isDirectory() ? lastWeightsPath(run) : run;
  const tensors = await tensorsIn(file);
  if (tensor === undefined) list(file, tensors, options.json === true);
  else print(file, tensors, { ...options, tensor });
}

/** The command `weights`. */
export function weightsCommand(): Command {
  return new Command('weights')
    .description('print weights of a run after its last epoch, or of a file (.safetensors, .keras, .h5, .npz, .npy)')
    .argument('[run]', 'run folder or file of weights')
    .option('--tensor <number|name>', 'which tensor, counted from 0, or from the end if below 0 (default: list them)')
    .option('--slice <indices>', "part of the tensor as numpy takes it, for example ':,:,0,0' (default: all of it)")
    .option('--json', 'print one JSON object on stdout')
    .action(weights);
}

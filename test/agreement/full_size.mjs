// The half of keras_full_size.py that runs here: loads every file that it wrote, whole, and compares outputs. Ends with 1 where a file lacks
// a weight or an output is further away than stated.

import { readFileSync } from 'node:fs';
import { createRuntime, loadModel, loadWeights, networks, tensor } from '../../dist/index.js';
import { decodeNpz } from '../../dist/rooms/formats.js';
import { heatsAgree } from './full_size_heat.mjs';

const [tag, folder, count] = process.argv.slice(2);
/** Logits may be so many times as far from float64 as Keras's own are. */
const times = 3;
const make = { inception_v3: networks.inceptionV3, xception: networks.xception }[tag];
const file = `${folder}/${tag}.npz`;
const arrays = new Map(decodeNpz(readFileSync(file), file).map((array) => [array.name, array]));
const valuesOf = (name) => {
  const { dtype, bytes } = arrays.get(name);
  const copy = new Uint8Array(bytes).buffer;
  const kinds = { F64: Float64Array, I32: Int32Array };
  return new (kinds[dtype] ?? Float32Array)(copy);
};
const runtime = createRuntime();
const given = valuesOf('x');
const x = tensor(runtime, given, arrays.get('x').shape);

const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const apart = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
const best = (values, row) => {
  const one = values.subarray(row * 1000, (row + 1) * 1000);
  return one.indexOf(Math.max(...one));
};
let failed = false;
const tell = (what, ours, theirs, limit) => {
  const rows = theirs.length / 1000;
  const same = Array.from({ length: rows }, (_, row) => best(ours, row) === best(theirs, row)).filter(Boolean).length;
  const share = apart(ours, theirs) / largest(theirs);
  if (!(share <= limit) || same !== rows) failed = true;
  console.log(`${what.padEnd(44)} ${share.toExponential(2)} of the largest, the same class in ${same} of ${rows}`);
};
const predicted = (net) => {
  const y = net.predictOnBatch(x);
  const values = y.data();
  y.dispose();
  return values;
};

const { preprocess } = networks;
const same = preprocess(valuesOf('raw'), 'tf').every((value, i) => value === given[i]);
console.log(`${tag}: preprocess gives ${same ? 'the bits' : 'OTHER BITS'} of Keras's preprocess_input`);
failed ||= !same;

const [logits, logits64, predictions] = ['logits', 'logits64', 'predictions'].map(valuesOf);
const theirs64 = Float64Array.from(logits64);
tell('logits of Keras, float32 against float64', logits, theirs64, 1);
const limit = (times * apart(logits, theirs64)) / largest(theirs64);
const whole = await loadModel(`${folder}/${tag}_logits.keras`, { runtime });
const ours = predicted(whole);
tell(`logits of ${tag}_logits.keras`, ours, logits, limit + limit / times);
tell('the same against float64', ours, theirs64, limit);
whole.dispose();

/** A softmax divides by a sum that is off as its logits are: a probability may be off by twice that, of itself. */
const tolerance = 2 * (limit + limit / times) * largest(theirs64);
failed = !(await heatsAgree({ file: `${folder}/${tag}.keras`, tag, x, runtime, times, valuesOf })) || failed;

for (const ending of ['keras', 'h5', 'weights.h5']) {
  const net = make().build({ runtime });
  const { matched, missing, leftOver } = await loadWeights(net, `${folder}/${tag}.${ending}`);
  const { total } = net.countParams();
  const complete =
    matched.length === net.weights.length && total === Number(count) && missing.length + leftOver.length === 0;
  failed ||= !complete;
  console.log(`${tag}.${ending}: ${matched.length} weights, ${total} values${complete ? '' : ', NOT WHOLE'}`);
  tell(`probabilities of networks.${tag} with them`, predicted(net), predictions, tolerance);
  net.dispose();
  if (ending === 'weights.h5') continue;
  const read = await loadModel(`${folder}/${tag}.${ending}`, { runtime });
  tell(`probabilities of loadModel('${tag}.${ending}')`, predicted(read), predictions, tolerance);
  read.dispose();
}
runtime.dispose();
process.exit(failed ? 1 : 0);

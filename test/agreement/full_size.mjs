// The half of keras_full_size.py that runs here: loads every file that it wrote, whole, and compares outputs. Ends with 1 where a file lacks
// a weight or an output is further away than stated.

import { readFileSync } from 'node:fs';
import { createRuntime, gradCam, loadModel, loadWeights, networks, tensor } from '../../dist/index.js';
import { decodeNpz } from '../../dist/rooms/formats.js';

const [tag, folder, count] = process.argv.slice(2);
/** Logits may be so many times as far from float64 as Keras's own are. */
const times = 3;
/** Probabilities may be off by this share of the largest one. */
const tolerance = 4e-4;
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

/**
 * Maps divided by their largest values, which are 1 then. A relu behind the maps whose argument is off across zero would change the weight of
 * its channel by one place's share, so a map can be off by more than what goes into it.
 */
const heatTolerance = 5e-3;
const classes = valuesOf('classes');
const mapsOf = (name) => {
  const all = valuesOf(name);
  const size = all.length / classes.length;
  return Array.from(classes, (_, k) => {
    const one = all.slice(k * size, (k + 1) * size);
    const peak = largest(one);
    return one.map((value) => value / peak);
  });
};
const [heat, heat64] = ['heat', 'heat64'].map(mapsOf);
const explained = await loadModel(`${folder}/${tag}.keras`, { runtime, compile: false });
const picture = given.slice(0, 299 * 299 * 3);
for (const [k, label] of classes.entries()) {
  const cam = gradCam(explained, picture, { class: label });
  const own = apart(cam.heat.values, heat64[k]);
  if (!(own <= heatTolerance)) failed = true;
  const theirs = apart(heat[k], heat64[k]).toExponential(2);
  const size = `${cam.heat.height} x ${cam.heat.width}`;
  console.log(
    `Grad-CAM of class ${label} by ${cam.layer}, ${size}: ${own.toExponential(2)} from float64; Keras ${theirs}`,
  );
}
explained.dispose();

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

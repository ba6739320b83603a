// Grad-CAM of a full-size network beside Keras's float32 and float64 (keras_full_size.py). Both networks have a relu between the maps and the
// logit, which no float32 computation can put on the same side of zero everywhere: a place that is off there takes its share of the weight
// of its map, a step that no rounding bounds. So three things are held, each to a limit that has a reason, and the steps are counted.
//
// 1. The maps, and what goes into the relu, are at most `times` as far from float64 as Keras's.
// 2. gradCam makes of them what float64 makes of the same values with the same places on: see `chained`.
// 3. The maps weighted by the places that are on in float64 are at most `times` as far from float64 as Keras's weighted so.

import { gradCam, loadModel, model } from '../../dist/index.js';

const behind = { inception_v3: 'batch_normalization_92', xception: 'block14_sepconv2_bn' };

const apart = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
const largest = (values) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const normalised = (values) => values.map((value) => value / largest(values));
const told = (value) => value.toExponential(1);
const over = (values) => `${told(Math.min(...values))} to ${told(Math.max(...values))}`;

/** How many places of each channel are on. */
function counted(values, channels) {
  const counts = new Float64Array(channels);
  values.forEach((value, i) => {
    if (value > 0) counts[i % channels] += 1;
  });
  return counts;
}

/** The map in float64, divided by its largest value, and the sum of magnitudes beside the largest value: the condition of its sums. */
function weighted(maps, factors, counts) {
  const { length: channels } = factors;
  const heat = new Float64Array(maps.length / channels);
  let condition = 0;
  for (let place = 0; place < heat.length; ++place) {
    let [sum, magnitudes] = [0, 0];
    for (let c = 0; c < channels; ++c) {
      const term = maps[place * channels + c] * factors[c] * counts[c];
      sum += term;
      magnitudes += Math.abs(term);
    }
    heat[place] = Math.max(0, sum);
    condition = Math.max(condition, magnitudes);
  }
  return { heat: normalised(heat), condition: condition / largest(heat) };
}

/**
 * How far float32 may be off: a chain of n terms is off by about sqrt(n) roundings of the magnitudes that it adds, four times that all but
 * never (Higham and Mary 2019); twice, since the largest value is divided by is off too.
 */
const chained = (n, condition) => 2 * 4 * Math.sqrt(n) * 2 ** -24 * condition;

/** The values of a place of the network for all pictures. */
function valuesAt(net, name, x) {
  const outputs = net.graph.places.find(({ layer }) => layer.name === name);
  const y = model({ inputs: net.graph.inputs, outputs }).predictOnBatch(x);
  const values = y.data();
  y.dispose();
  return values;
}

/** Prints how far the Grad-CAM of three classes of each picture is from float64; false where a limit is passed. */
export async function heatsAgree({ file, tag, x, runtime, times, valuesOf }) {
  const net = await loadModel(file, { runtime, compile: false });
  const [pictures] = x.shape;
  const part = (values, i, parts = pictures) =>
    values.subarray((values.length / parts) * i, (values.length / parts) * (i + 1));
  const given = valuesOf('x');
  const names = ['classes', 'maps', 'maps64', 'arguments', 'arguments64', 'heat', 'heat64', 'factors64'];
  const [classes, maps, maps64, args, args64, heats, heats64, factors] = names.map(valuesOf);
  const { layer } = gradCam(net, part(given, 0));
  const [ourMaps, ourArgs] = [layer, behind[tag]].map((name) => valuesAt(net, name, x));
  let holds = true;
  for (const [what, ours, theirs, exact] of [
    [layer, ourMaps, maps, maps64],
    [behind[tag], ourArgs, args, args64],
  ]) {
    const [own, limit] = [apart(ours, exact), apart(theirs, exact)].map((value) => value / largest(exact));
    holds &&= own <= times * limit;
    console.log(`values of ${what}: ${told(own)} of the largest from float64; Keras ${told(limit)}`);
  }

  const sides = (values) => values.reduce((count, value, i) => count + Number(value > 0 !== args64[i] > 0), 0);
  const found = { ours: [], theirs: [], oursBySigns: [], theirsBySigns: [], bySame: [] };
  for (let i = 0; i < pictures; ++i) {
    const three = part(classes, i);
    const channels = part(factors, i).length / three.length;
    const counts = counted(part(ourArgs, i), channels);
    const counts64 = counted(part(args64, i), channels);
    for (const [k, label] of three.entries()) {
      const factor = part(part(factors, i), k, three.length);
      const exact = weighted(part(maps64, i), factor, counts64).heat;
      const [theirs, theirs64] = [heats, heats64].map((all) => normalised(part(part(all, i), k, three.length)));
      if (apart(exact, theirs64) > 1e-9) throw new Error('the judge is not the map of Keras');
      const own = gradCam(net, part(given, i), { class: label }).heat.values;
      const same = weighted(part(ourMaps, i), factor, counts);
      found.ours.push(apart(exact, own));
      found.theirs.push(apart(exact, theirs));
      found.oursBySigns.push(apart(exact, weighted(part(ourMaps, i), factor, counts64).heat));
      found.theirsBySigns.push(apart(exact, weighted(part(maps, i), factor, counts64).heat));
      found.bySame.push(apart(same.heat, own) / chained(channels, same.condition));
    }
  }
  net.dispose();
  holds &&= Math.max(...found.bySame) <= 1;
  holds &&= Math.max(...found.oursBySigns) <= times * Math.max(...found.theirsBySigns);
  console.log(
    `places of the relu on the other side of zero than in float64: ${sides(ourArgs)} of ${args64.length}; Keras ${sides(args)}`,
  );
  console.log(
    `Grad-CAM by ${layer}, ${found.ours.length} maps: ${over(found.ours)} from float64; Keras ${over(found.theirs)}`,
  );
  console.log(`with the places that are on in float64: ${over(found.oursBySigns)}; Keras ${over(found.theirsBySigns)}`);
  console.log(
    `gradCam beside float64 of the same values: at most ${told(Math.max(...found.bySame))} of what rounding may make`,
  );
  return holds;
}

// The float64 judge of Grad-CAM: slopes by central differences, so that it shares no gradient with anything.

import type { Values } from '../cases/case.js';

const step = 1e-5;

/** How `score` changes with each value of `maps`. */
function slopes(maps: Values, score: (maps: Values) => number): Float64Array {
  const moved = (index: number, by: number) =>
    score({ shape: maps.shape, data: maps.data.map((value, i) => (i === index ? value + by : value)) });
  return maps.data.map((_, i) => (moved(i, step) - moved(i, -step)) / (2 * step));
}

/** Heat `[h, w]` of maps `[1, h, w, c]` for a score, between 0 and 1. */
export function gradCam(maps: Values, score: (maps: Values) => number): Float64Array {
  const channels = maps.shape[3]!;
  const positions = maps.data.length / channels;
  const slope = slopes(maps, score);
  const heat = new Float64Array(positions);
  for (let channel = 0; channel < channels; channel++) {
    let average = 0;
    for (let i = 0; i < positions; i++) average += slope[i * channels + channel]! / positions;
    // The book's listing takes the mean of the weighted maps.
    for (let i = 0; i < positions; i++) heat[i]! += (average * maps.data[i * channels + channel]!) / channels;
  }
  const cut = heat.map((value) => Math.max(value, 0));
  const largest = Math.max(...cut);
  return largest === 0 ? cut : cut.map((value) => value / largest);
}

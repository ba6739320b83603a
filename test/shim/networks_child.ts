// Trains networks, as JSON on the command line says of each, on the addon that SAMEBITS_ADDON names; prints, as JSON, what must be equal of each
// and the processor seconds that it took.

import { type TrainOptions, train } from '../../lib/index.js';
import { type Bits, bitsOf } from '../determinism/trainings.js';

/** What is printed of each. */
export interface TrainedNetwork {
  bits: Bits;
  seconds: number;
}

const trained: TrainedNetwork[] = [];
for (const settings of JSON.parse(process.argv[2]!) as TrainOptions[]) {
  const before = process.cpuUsage();
  const bits = bitsOf(await train(settings));
  const { user, system } = process.cpuUsage(before);
  trained.push({ bits, seconds: (user + system) / 1e6 });
}
console.log(JSON.stringify(trained));

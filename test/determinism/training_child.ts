// The child of training.test.ts: prints, as JSON, the bits of the small training with the changes of its argument.

import { train } from './trainings.js';

console.log(JSON.stringify(await train(JSON.parse(process.argv[2]!))));

// The child of training.test.ts: prints, as JSON, the bits of the small training.

import { train } from './trainings.js';

console.log(JSON.stringify(await train()));

// Prints configs of ours, as one JSON object, for Keras to read (keras_configs.py):
//
//   node --import ./test/support/typescript_hooks.mjs test/agreement/our_configs.ts

import { ourConfigs } from './config_things.js';

process.stdout.write(JSON.stringify(ourConfigs()));

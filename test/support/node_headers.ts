// Where node's headers are: beside node if they are installed, otherwise in the package node-api-headers.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** The folder with node_api.h. */
export function headers(): string {
  const beside = path.resolve(process.execPath, '../../include/node');
  if (existsSync(path.join(beside, 'node_api.h'))) return beside;
  return (require('node-api-headers') as { include_dir: string }).include_dir;
}

// The CUDA device when calls of CUDA fail (native/runtime/cuda_device.cu), on the shim: its words, and that nothing is lost or
// freed twice.

import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { buildDeviceFaults } from './build.js';

const illegal = 'an illegal memory access was encountered';
const none = 'cuda: expected 1000 bytes of memory, got none; the device is out of memory';
const unopened = (what: string) => `cuda: expected ${what} to succeed, got ${illegal}`;

it('a device tells each fault in its own words, names the kernel, and goes on where it can', async () => {
  const { SAMEBITS_CUDA_CHECK: _, ...env } = process.env;
  const said = execFileSync(await buildDeviceFaults(), { encoding: 'utf8', env });
  expect(said.trimEnd().split('\n')).toEqual([
    'out of memory once: taken, 1 trims, 1 blocks; ',
    `out of memory: refused, 1 trims, 0 blocks; ${none}`,
    `an allocation that fails: refused, 0 trims, 0 blocks; cuda: expected an allocation of 1000 bytes to succeed, got ${illegal}`,
    `no memory to note a block, 1: refused, 0 blocks, 0 bytes in use; ${none}; then all well`,
    `no memory to note a block, 2: refused, 0 blocks, 0 bytes in use; ${none}; then all well`,
    'six small writes: 0 waits, all there',
    'a large write: all there',
    'a launch: relu.forward: expected a launch of 1 blocks of 256 threads to succeed, got invalid argument; x [1,4], y [1,4]',
    `a fault of a kernel: cuda: expected the end of all work to succeed, got ${illegal}`,
    'capacity: 1024 bytes for 1000',
    `opened without cudaStreamCreateWithFlags 1: ${unopened('a stream')}`,
    `opened without cudaMemPoolCreate 1: ${unopened('a memory pool')}`,
    `opened without cudaMemPoolSetAttribute 1: ${unopened('a memory pool')}`,
    `opened without cudaMallocHost 1: ${unopened('pinned memory')}`,
    `opened without cudaEventCreateWithFlags 1: ${unopened('an event')}`,
    `opened without cudaMallocHost 8: ${unopened('pinned memory')}`,
    `opened without cudaEventCreateWithFlags 8: ${unopened('an event')}`,
    'capacity when checking: 1000 bytes for 1000',
    `a fault of a kernel when checking: relu.forward: expected a launch of 1 blocks of 256 threads to end well, got ${illegal}; x [1,4], y [1,4]`,
  ]);
}, 900_000);

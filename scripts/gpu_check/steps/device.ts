/** Says what this addon and machine offer, and why there is no device where there is none. */
import { capabilities } from '../../../lib/runtime/index.js';
import { answer } from './task.js';

const { contract, compiler, devices, kernels } = capabilities();
answer({ contract, compiler, kernels: kernels.length, cuda: devices.find(({ name }) => name === 'cuda') });

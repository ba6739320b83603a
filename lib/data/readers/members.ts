/** The readers; a line here makes one known to every command. */
export { cbisDdsm } from './cbis_ddsm.js';
export { cifar10 } from './cifar10.js';
export { dicom } from './dicom.js';
export { masks } from './masks.js';
export { miniMias } from './mini_mias.js';
export { mnist } from './mnist.js';
export { npz } from './npz.js';
export { sdnet2018 } from './sdnet2018.js';

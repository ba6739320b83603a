/** What trainings take: processor seconds, wall time, joules where a counter can be read, and what follows from them. */

export { Meter, type MeterSources, type Reading, type Usage } from './meter.js';
export { DevicePower, meanWatts, type PowerSample, parsePowerLine } from './nvidia_smi.js';
export { openPowercap, type PowerCounters, powercapFolder } from './powercap.js';
export { type Amount, carbonOf, type EnergyOptions, energyOptions, kWhOf, type Price, priceOfUsages } from './price.js';
export { type Watts, wattsOf, wattsTable } from './watts.js';

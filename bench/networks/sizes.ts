/** What a step of each named network is measured at. */
export interface StepSize {
  batch: number;
  size: number;
  channels: number;
  classes: number;
  kind: 'class' | 'mask';
  networkOptions?: Readonly<Record<string, unknown>>;
  /** Only for networks that have it. */
  augmentation?: boolean;
}

const pictures = (batch: number, size: number, classes: number, channels = 3): StepSize => ({
  ...{ batch, size, channels, classes },
  kind: 'class',
});
const ofTwo: StepSize = { ...pictures(32, 180, 2), augmentation: false };

/**
 * Pictures and classes are those of a network's source (docs/networks.md). Only Leventi-Peetz and Oestreich name a batch; the others are
 * the usual ones of their data, halved for the largest networks so that two processes fit beside each other in 16 GiB.
 */
export const stepSizes: Readonly<Record<string, StepSize>> = {
  keras_convnet: ofTwo,
  mini_xception: ofTwo,
  lenet5: pictures(64, 28, 10, 1),
  unet: { ...pictures(1, 512, 2, 1), kind: 'mask' },
  preact_resnet18: pictures(128, 32, 10),
  resnet18: pictures(32, 224, 1000),
  resnet50: { ...pictures(16, 224, 1000), networkOptions: { layout: 'torch' } },
  mobilenet: pictures(32, 224, 1000),
  mobilenet_v2: pictures(32, 224, 1000),
  inception_v3: pictures(16, 299, 1000),
  xception: pictures(8, 299, 1000),
};

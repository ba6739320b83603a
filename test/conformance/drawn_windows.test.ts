// Thousands of small windows drawn at random, for conv2d, depthwise_conv2d, separable_conv2d and both poolings.

import { windowTables } from '../drawn/index.js';
import { drawnTests } from './drawn.js';

drawnTests(windowTables, 48, 15_001);

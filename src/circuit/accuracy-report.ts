import type { DataSet } from '../data/data-set.ts';
import { executeInteger } from '../integer/execute.ts';
import { encodeClamped, labellerOf } from '../quantize/label-flips.ts';
import type { QuantizedModel } from '../quantize/quantize.ts';
import { type Accuracy, measureAccuracy } from '../quantize/reference/accuracy.ts';
import { openReference } from '../quantize/reference/open-reference.ts';
import type { LoadedModel } from './load-model.ts';

import type { AnyModelRecord, InputMode } from '@quietproof/verify';
import { digest } from './digest.ts';
import type { BatchInput } from './input-mode.ts';
import { publicInput } from './public.ts';

const BATCH_INPUTS: { readonly [M in InputMode]: BatchInput } = {
  digest,
  public: publicInput,
};

export function batchInputOf(model: AnyModelRecord): BatchInput {
  return BATCH_INPUTS[model.interface.input.mode];
}

import type { InputMode } from '@quietproof/verify';
import { digest } from './digest.ts';
import type { InputModeCircuit } from './input-mode.ts';
import { publicInput } from './public.ts';

export const INPUT_CIRCUITS: { readonly [M in InputMode]: InputModeCircuit } = {
  digest,
  public: publicInput,
};

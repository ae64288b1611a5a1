import type { InputMode } from '@quietproof/verify';
import type { IntegerGraph } from '../../integer/integer-graph.ts';
import { digest } from './digest.ts';
import type { InputCheck, InputModeCheck } from './input-mode.ts';
import { publicInput } from './public.ts';

const INPUT_CHECKS: { readonly [M in InputMode]: InputModeCheck } = {
  digest,
  public: publicInput,
};

/** What the check expects of the input of this graph's circuit. */
export function inputCheckOf(graph: IntegerGraph): InputCheck {
  return INPUT_CHECKS[graph.statement.input](graph);
}

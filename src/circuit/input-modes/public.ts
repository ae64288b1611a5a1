import type { InputModeCircuit } from './input-mode.ts';

/** Every value is a public signal whose range the verifiers enforce: the circuit adds nothing. */
export const publicInput: InputModeCircuit = {
  cost: () => 0,
  furtherCoefficients: () => 0,
  plan: () => ({
    title: 'input',
    includes: [],
    inputs: [],
    outputs: [],
    publicInputs: ['in'],
    body: [],
    signals: () => new Map(),
    fields: () => [],
  }),
};

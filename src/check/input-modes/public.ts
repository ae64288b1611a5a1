import type { InputModeCheck } from './input-mode.ts';

/** All public: outputs, values, context. Verifiers enforce the ranges of the values, so no row needs to. */
export const publicInput: InputModeCheck = ({ input, statement }) => {
  const { count, max } = input;
  const first = 1 + statement.outputs.length;
  return {
    counts: { outputs: 0, public: count + 1, private: 0 },
    places: { inputWire: (i) => first + i, contextWire: first + count, freeWires: [] },
    enforced: new Map(Array.from(max, (hi, i) => [first + i, { lo: 0, hi }])),
    group: { role: 'input', count, max: Array.from(max, String) },
    signals: () => new Map(),
    walkRanges: () => {},
    walkSignals: () => {},
  };
};

import { R } from '@quietproof/verify';
import { digestSignals, digestSlots } from '../../integer/digest-signals.ts';
import { heldInputs } from '../../integer/held-inputs.ts';
import { inputWidths, permutationShapes, walkDigest, walkInputRanges } from '../gadgets/digest.ts';
import type { InputModeCheck } from './input-mode.ts';

/** Public: outputs, digest, context. Private: values and salt. The circuit enforces the ranges of the values. */
export const digest: InputModeCheck = (graph) => {
  const { input, statement } = graph;
  const { count, max } = input;
  const digestWire = 1 + statement.outputs.length;
  const contextWire = digestWire + 1;
  const inputWire = (i: number) => contextWire + 1 + i;
  const saltWire = contextWire + 1 + count;
  const widths = inputWidths(max);
  const shapes = permutationShapes(widths);
  return {
    counts: { outputs: 1, public: 1, private: count + 1 },
    places: { inputWire, contextWire, freeWires: [saltWire] },
    enforced: new Map(),
    group: { role: 'digest', count: 1, max: (R - 1n).toString() },
    signals: (firstSlot) => digestSignals(digestSlots(firstSlot, shapes), shapes, widths, heldInputs(graph)),
    walkRanges(walk) {
      walk.claim(saltWire, 'salt');
      walkInputRanges(walk, inputWire);
    },
    walkSignals: (walk, firstSlot) =>
      walkDigest(walk, { inputWire, saltWire, digestWire }, digestSlots(firstSlot, shapes)),
  };
};

import { heldInputs } from '../../integer/held-inputs.ts';
import { digestCost, furtherCoefficients, planDigest } from '../digest/digest-plan.ts';
import type { InputModeCircuit } from './input-mode.ts';

/**
 * The input stays private and its salted digest is a public output. The circuit enforces the range of every value: the
 * digest does, except where a thermometer that reads the value does.
 */
export const digest: InputModeCircuit = {
  cost: (graph) => digestCost(graph.input.max, heldInputs(graph)),
  furtherCoefficients: (graph) => furtherCoefficients(graph.input.max, heldInputs(graph)),
  plan(graph) {
    const { max, count } = graph.input;
    const { includes, declaration, signals, fields } = planDigest(max, heldInputs(graph));
    return {
      title: "input's digest",
      includes,
      inputs: ['salt'],
      outputs: ['inputDigest'],
      publicInputs: [],
      body: [
        ...declaration.split('\n'),
        `for (var i = 0; i < ${count}; i++) {`,
        '    digest.in[i] <== in[i];',
        '}',
        'digest.salt <== salt;',
        'inputDigest <== digest.out;',
        '',
      ],
      signals,
      fields(integers, salt) {
        if (salt === null) throw new RangeError('a digest needs a salt');
        return fields(integers, salt);
      },
    };
  },
};

import { parseAnyInterface, readingOf } from '@quietproof/verify';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import {
  type CalculatorOptions,
  decodeWitnessPlan,
  type WitnessCalculator,
  witnessCalculator,
} from '../circuit/witness-calculator.ts';
import { damaged, readArtifactFile, unlessRefused } from './artifact-file.ts';
import { ARTIFACT } from './file-names.ts';
import { readIntegerGraph } from './read-integer-graph.ts';
import { requireSameInput } from './same-input.ts';

/**
 * Opens the witness calculator of a compiled artifact.
 *
 * @throws QuietproofError QP4601 to QP4603 (a file), QP4605 (the witness plan), QP4606 (files of different artifacts)
 */
export async function openWitnessCalculator(
  artifactDir: string,
  options: CalculatorOptions = {},
): Promise<WitnessCalculator> {
  const [graphText, plan, interfaceText] = await Promise.all(
    [ARTIFACT.integerGraph, ARTIFACT.witnessPlan, ARTIFACT.interface].map(async (name) => {
      const content = await readArtifactFile(artifactDir, name);
      if (content === undefined) throw damaged(name, 'it is missing');
      return content;
    }),
  );
  const graph = readIntegerGraph(graphText!);
  const { input } = unlessRefused(ARTIFACT.interface, () => readingOf(parseAnyInterface(interfaceText!)));
  requireSameInput(input, graph);
  const circuit = deriveCircuit(graph);
  return witnessCalculator(circuit, decodeWitnessPlan(plan!, circuit), options);
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { deriveCircuit } from '../circuit/derive-circuit.ts';
import {
  type CalculatorOptions,
  decodeWitnessPlan,
  type WitnessCalculator,
  witnessCalculator,
} from '../circuit/witness-calculator.ts';
import { parseIntegerGraph } from '../integer/integer-graph-json.ts';
import { ARTIFACT } from './file-names.ts';

/** Opens the witness calculator of a compiled artifact. */
export async function openWitnessCalculator(
  artifactDir: string,
  options: CalculatorOptions = {},
): Promise<WitnessCalculator> {
  const [graph, plan] = await Promise.all([
    readFile(path.join(artifactDir, ARTIFACT.integerGraph), 'utf8'),
    readFile(path.join(artifactDir, ARTIFACT.witnessPlan)),
  ]);
  return witnessCalculator(deriveCircuit(parseIntegerGraph(graph)), decodeWitnessPlan(plan), options);
}

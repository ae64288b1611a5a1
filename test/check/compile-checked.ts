import { readFile } from 'node:fs/promises';
import type { CheckedCircuit } from '../../src/check/check-circuit.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { compiledOnce } from '../support/made-once.ts';

/** Compiles circom text to be checked against a graph. */
export async function compileSource(
  source: string,
  graph: IntegerGraph,
  includes?: ReadonlyMap<string, string>,
  wasm = false,
): Promise<CheckedCircuit> {
  const { r1csPath, symPath } = await compiledOnce(source, includes ?? (await circuitTemplates()), wasm);
  const r1cs = readR1cs(await readFile(r1csPath));
  const { sources, copies } = deriveCircuit(graph);
  const sym = await readFile(symPath, 'utf8');
  return { r1cs, sym, sources, copies, graph, modelInterface: undefined };
}

/**
 * The circuit that the compiler derives from a graph, with some template files replaced. Without any it is compiled as
 * test/circuit does, so once for all.
 */
export async function compileGraph(
  graph: IntegerGraph,
  replaced: Readonly<Record<string, string>> = {},
): Promise<CheckedCircuit> {
  const includes = new Map([...(await circuitTemplates()), ...Object.entries(replaced)]);
  return compileSource(deriveCircuit(graph).source, graph, includes, Object.keys(replaced).length === 0);
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CheckedCircuit } from '../../src/check/check-circuit.ts';
import { compileCircom } from '../../src/circuit/circom/circom-compiler.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { readR1cs } from '../../src/formats/r1cs.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';

/** Compiles circom text to be checked against a graph. */
export async function compileSource(
  source: string,
  graph: IntegerGraph,
  includes?: ReadonlyMap<string, string>,
): Promise<CheckedCircuit> {
  const folder = await mkdtemp(path.join(tmpdir(), 'quietproof-test-'));
  try {
    const { r1csPath, symPath } = await compileCircom({
      source,
      includes: includes ?? (await circuitTemplates()),
      outDir: folder,
    });
    const r1cs = readR1cs(await readFile(r1csPath));
    const { sources, copies } = deriveCircuit(graph);
    const sym = await readFile(symPath!, 'utf8');
    return { r1cs, sym, sources, copies, graph, modelInterface: undefined };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The circuit that the compiler derives from a graph, with some template files replaced. */
export async function compileGraph(
  graph: IntegerGraph,
  replaced: Readonly<Record<string, string>> = {},
): Promise<CheckedCircuit> {
  const includes = new Map([...(await circuitTemplates()), ...Object.entries(replaced)]);
  return compileSource(deriveCircuit(graph).source, graph, includes);
}

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as snarkjs from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileCircom } from '../../src/circuit/circom/circom-compiler.ts';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import type { CircuitPlan } from '../../src/circuit/circuit-plan.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { planWitness, writeWitness } from '../../src/circuit/witness-plan.ts';
import { checkIntegerGraph } from '../../src/integer/check-integer-graph.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import type { IntegerGraph } from '../../src/integer/integer-graph.ts';
import { TEST_GRAPHS } from './support/graphs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quietproof-generated-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const CONTEXT = 12345678901234567890123n;

describe.each(Object.entries(TEST_GRAPHS))('a circuit of %s', (name, make) => {
  it("is what the executor computes: wire by wire the witness of circom's own calculator", async () => {
    const { maker, graph } = make();
    checkIntegerGraph(graph);
    const { bounds, plan, source, sources } = deriveCircuit(graph);
    const compiled = await compileCircom({
      source,
      includes: await circuitTemplates(),
      outDir: join(folder, name.replace(/\W+/g, '-')),
      wasm: true,
    });
    const { stats } = compiled;
    expect(stats.nonlinearConstraints + stats.linearConstraints).toBe(predictedConstraints(plan));

    const witnessPlan = planWitness(sources, await readFile(compiled.symPath!, 'utf8'), stats.wires);
    for (const row of maker.rows(24)) {
      const values = executeInteger(graph, row);
      expectWithinBounds(values, bounds);
      const integers = plan.layout.traceOf(values);
      const ours = writeWitness(witnessPlan, integers, [CONTEXT, (CONTEXT * CONTEXT) % MODULUS]);
      expect(Buffer.from(ours).equals(await circomWitness(compiled.wasmPath!, graph, row))).toBe(true);
    }
  });
});

function predictedConstraints(plan: CircuitPlan): number {
  return plan.layers.reduce((sum, layer) => sum + layer.cost, 1);
}

function expectWithinBounds(values: Float64Array, bounds: { lo: Float64Array; hi: Float64Array }): void {
  values.forEach((value, id) => {
    if (value < bounds.lo[id]! || value > bounds.hi[id]!) {
      expect.fail(`value ${id} is ${value}, outside ${bounds.lo[id]} … ${bounds.hi[id]}`);
    }
  });
}

async function circomWitness(wasmPath: string, _graph: IntegerGraph, row: Float64Array): Promise<Buffer> {
  const wtns = { type: 'mem' as const, data: new Uint8Array() };
  await snarkjs.wtns.calculate({ in: Array.from(row), context: CONTEXT.toString() }, wasmPath, wtns);
  const witness: bigint[] = await snarkjs.wtns.exportJson(wtns);
  const bytes = Buffer.alloc(witness.length * 32);
  witness.forEach((value, wire) => {
    for (let k = 0, rest = value; k < 32; k += 1, rest >>= 8n) bytes[wire * 32 + k] = Number(rest & 0xffn);
  });
  return bytes;
}

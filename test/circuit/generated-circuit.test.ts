import { readFile } from 'node:fs/promises';
import * as snarkjs from 'snarkjs';
import { describe, expect, it } from 'vitest';
import { circuitTemplates } from '../../src/circuit/circom/templates.ts';
import type { CircuitPlan } from '../../src/circuit/circuit-plan.ts';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { planWitness, writeWitness } from '../../src/circuit/witness-plan.ts';
import { checkIntegerGraph } from '../../src/integer/check-integer-graph.ts';
import { executeInteger } from '../../src/integer/execute.ts';
import { compiledOnce } from '../support/made-once.ts';
import { TEST_GRAPHS } from './support/graphs.ts';

const MODULUS = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;
const CONTEXT = 12345678901234567890123n;

describe.each(Object.entries(TEST_GRAPHS))('a circuit of %s', (_, make) => {
  it("is what the executor computes: wire by wire the witness of circom's own calculator", async () => {
    const { maker, graph } = make();
    checkIntegerGraph(graph);
    const { bounds, plan, source, sources } = deriveCircuit(graph);
    const { stats, symPath, wasmPath } = await compiledOnce(source, await circuitTemplates(), true);
    expect(stats.nonlinearConstraints + stats.linearConstraints).toBe(predictedConstraints(plan));

    const witnessPlan = planWitness(sources, await readFile(symPath, 'utf8'), stats.wires);
    const wasm = await readFile(wasmPath);
    for (const row of maker.rows(24)) {
      const values = executeInteger(graph, row);
      expectWithinBounds(values, bounds);
      const integers = plan.layout.traceOf(values);
      const ours = writeWitness(witnessPlan, integers, [CONTEXT, (CONTEXT * CONTEXT) % MODULUS]);
      expect(Buffer.from(ours).equals(await circomWitness(wasm, row))).toBe(true);
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

async function circomWitness(wasm: Uint8Array, row: Float64Array): Promise<Buffer> {
  const wtns = { type: 'mem' as const, data: new Uint8Array() };
  await snarkjs.wtns.calculate({ in: Array.from(row), context: CONTEXT.toString() }, wasm, wtns);
  const witness: bigint[] = await snarkjs.wtns.exportJson(wtns);
  const bytes = Buffer.alloc(witness.length * 32);
  witness.forEach((value, wire) => {
    for (let k = 0, rest = value; k < 32; k += 1, rest >>= 8n) bytes[wire * 32 + k] = Number(rest & 0xffn);
  });
  return bytes;
}

import { describe, expect, it } from 'vitest';
import { deriveCircuit } from '../../src/circuit/derive-circuit.ts';
import { compileTemplate } from './support/compile-template.ts';
import { TEST_GRAPHS } from './support/graphs.ts';

/** A template with one input `in` and the given body. */
function templateOf(body: string) {
  return compileTemplate(`template T() {\nsignal input in;\n${body}\n}\ncomponent main = T();`);
}

function bits(count: number, booleans = count): string {
  return `signal bit[${count}];
    var sum = 0;
    for (var k = 0; k < ${count}; k++) {
        bit[k] <-- (in >> k) & 1;
        if (k < ${booleans}) { bit[k] * (bit[k] - 1) === 0; }
        sum += 2 ** k * bit[k];
    }
    sum === in;`;
}

describe('the determinism check itself', () => {
  it('finds a hint that nothing constrains', async () => {
    const circuit = await templateOf('signal root;\nroot <-- in;\nroot * root === in;');
    expect(circuit.undetermined()).toEqual(['root']);
  });

  it('finds a bit that need not be boolean', async () => {
    const circuit = await templateOf(bits(4, 3));
    expect(circuit.undetermined()).toEqual(['bit[0]', 'bit[1]', 'bit[2]', 'bit[3]']);
  });

  it('finds bits that can stand for two numbers', async () => {
    expect((await templateOf(bits(253))).undetermined()).toEqual([]);
    expect((await templateOf(bits(254))).undetermined()).toHaveLength(254);
  });

  it('finds a division whose divisor may be zero', async () => {
    const circuit = await templateOf('signal q;\nq <-- in == 0 ? 0 : 1 / in;\nin * q === in;');
    expect(circuit.undetermined()).toEqual(['q']);
  });
});

/** The two simple rules do not cover these; lemmas "quotient" and "thermometer" of the checker do. */
const WITH_OWN_LEMMA: ReadonlySet<string> = new Set(['divide', 'thermometer']);
const BY_SIMPLE_RULES = Object.entries(TEST_GRAPHS).filter(([, make]) =>
  make().graph.nodes.every(({ op }) => !WITH_OWN_LEMMA.has(op)),
);

describe.each(BY_SIMPLE_RULES)('a circuit of %s', (_, make) => {
  it('leaves a prover no choice: its inputs determine every wire', async () => {
    const { graph } = make();
    const source = deriveCircuit(graph).source;
    const circuit = await compileTemplate(source.replace(/^pragma .*$/m, ''));
    expect(circuit.undetermined()).toEqual([]);
  });
});

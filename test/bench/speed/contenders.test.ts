import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { CASES } from '../../../bench/speed/cases.ts';
import { type CasePaths, provers, workerCounts } from '../../../bench/speed/contenders.ts';

const PEERS = { rapidsnark: '/prover', rapidsnarkWarm: '/rapidsnark-warm', ezkl: '/python' };
const MANY_CORES = availableParallelism() > 1;

function namesFor(name: string, { quick = false, backends = ['native', 'snarkjs'], peers = PEERS } = {}) {
  const place: CasePaths = {
    bench: CASES.find((one) => one.name === name)!,
    files: { model: 'model.onnx', data: 'test.json' },
    folder: 'case',
    artifact: 'case/artifact',
  };
  return provers(place, { options: { quick, roundMs: 1 }, backends, peers });
}

describe('provers', () => {
  it('are all peers and backends there are, the slow ones first', () => {
    const names = namesFor('mnist-mlp').map(({ name }) => name);
    const everywhere = MANY_CORES
      ? names
      : [...names, 'rapidsnark, all cores, key warm', 'native, all cores'];
    expect(new Set(everywhere)).toEqual(
      new Set([
        'EZKL, all cores',
        'rapidsnark, whole process',
        'rapidsnark, all cores, key warm',
        'rapidsnark, one thread, key warm',
        'snarkjs, all cores',
        'snarkjs, one thread',
        'native, portable, one thread',
        'native, all cores',
        'native, one thread',
      ]),
    );
    expect(names[0]).toBe('EZKL, all cores');
    expect(names.at(-1)).toBe('native, one thread');
  });

  it('are only snarkjs if nothing else is available', () => {
    const names = namesFor('mnist-mlp', { backends: ['snarkjs'], peers: {} as typeof PEERS });
    expect(names.map(({ name }) => name)).toEqual(['snarkjs, all cores', 'snarkjs, one thread']);
  });

  it('include EZKL if the input is public, once in a quick run', () => {
    const limit = (name: string, quick = false) =>
      namesFor(name, { quick }).find(({ name: contender }) => contender.startsWith('EZKL'))?.limit;
    expect(limit('mnist-mlp-digest')).toBeUndefined();
    expect(limit('mnist-mlp')).toBe(3);
    expect(limit('mnist-lenet-relu-avg')).toBe(1);
    expect([limit('mnist-mlp', true), limit('credit-scoring-mlp', true)]).toEqual([1, undefined]);
  });
});

describe('workerCounts', () => {
  it('goes from one to the number of cores, by doubling above four', () => {
    expect(workerCounts(1)).toEqual([1]);
    expect(workerCounts(2)).toEqual([1, 2]);
    expect(workerCounts(6)).toEqual([1, 2, 3, 4, 6]);
    expect(workerCounts(24)).toEqual([1, 2, 3, 4, 8, 16, 24]);
  });
});

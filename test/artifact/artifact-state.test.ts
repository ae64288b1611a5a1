import type { CeremonySetup, SetupV2 } from '@quietproof/verify';
import { describe, expect, it } from 'vitest';
import { artifactState } from '../../src/artifact/artifact-state.ts';
import { notReady } from '../../src/artifact/not-ready.ts';

type Kind = CeremonySetup['contributions'][number]['kind'];
const ceremony = (...kinds: Kind[]): SetupV2 => ({
  kind: 'ceremony',
  contributions: kinds.map((kind) => ({ kind, name: kind, hash: 'a'.repeat(128) })),
  other: {},
});
const PROVE = 'quietproof prove a --inputs DATA --out proofs';
const CONTRIBUTE = 'quietproof contribute a';

describe('where an artifact stands', () => {
  it.each<[SetupV2 | undefined, string, string, string]>([
    [undefined, 'no key', 'has no key', 'quietproof setup a --ptau PTAU'],
    [{ kind: 'development' }, 'ready', 'is ready, with a development key', PROVE],
    [ceremony(), 'awaiting contribution', 'is awaiting a contribution', CONTRIBUTE],
    [ceremony('beacon'), 'awaiting contribution', 'is awaiting a contribution', CONTRIBUTE],
    [ceremony('contribution'), 'ready', 'is ready, with 1 contribution', PROVE],
    [ceremony('contribution', 'beacon', 'contribution'), 'ready', 'is ready, with 2 contributions', PROVE],
    [
      ceremony('contribution', 'beacon'),
      'finished',
      'is finished with a beacon, after 1 contribution',
      PROVE,
    ],
  ])('%j is %s', (setup, state, words, next) => {
    expect(artifactState('a', setup)).toMatchObject({ state, words, next });
  });

  it('can be pasted, whatever the folder is called', () => {
    expect(artifactState('-a b', ceremony()).next).toBe('quietproof contribute "./-a b"');
  });
});

describe('what is missing for a proof', () => {
  it('is a key, a contribution, or a contribution beside the beacon', () => {
    expect(notReady('a', undefined)).toMatchObject({
      code: 'QP6102',
      fix: expect.stringMatching(/`quietproof setup a --ptau PTAU`.*`quietproof setup a --dev`/),
    });
    expect(notReady('a', ceremony())).toMatchObject({
      code: 'QP6101',
      what: expect.stringContaining('nobody has contributed'),
      fix: expect.stringMatching(/`quietproof contribute a`.*a\/circuit.zkey.*--import ZKEY`/),
    });
    expect(notReady('a', ceremony('beacon')).what).toContain('only a beacon');
  });
});

import { honest, trustWithLogs } from '../../../conformance/make/v2/trust/honest.ts';
import { envelope, keyId } from '../../../conformance/make/v2/trust/signing.ts';
import type { Files } from '../../support/audit-of.ts';
import type { Cosigners } from '../../support/log-folder.ts';
import type { ProvedModel } from './material.ts';

/** From then on the second model answers instead of the first. */
export const CHANGE = '2026-10-15T00:00:00Z';

/** Witnesses of the log, and when they saw it: after all of its entries. */
export const WITNESSES: Cosigners = {
  names: ['watch-w1', 'seer'],
  time: Date.parse('2026-11-01T00:00:00Z') / 1000,
};

/** Every second day at nine, from the first of October 2026. Seconds since 1970. */
export function timeAt(place: number): number {
  return Date.parse('2026-10-01T09:00:00Z') / 1000 + place * 2 * 86_400;
}

interface Release {
  readonly from: string;
  readonly retires?: readonly string[];
}

function release(modelId: string, { from, retires }: Release): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'model', digest: { sha256: modelId } }],
    predicateType: 'https://quietproof.dev/attestation/release/v1',
    predicate: {
      signer: keyId('bank'),
      date: '2026-09-20T10:00:00Z',
      from,
      ...(retires !== undefined && { retires }),
    },
  };
  return envelope(statement, 'bank');
}

/** Who contributed to the key of a model and who derived it again, under the keys of tests, and its release. */
export function statementsAbout({ record, modelId }: ProvedModel, of: Release): Files {
  const { ada, grace, audit } = honest({ model: record });
  return { 'ada.json': ada, 'grace.json': grace, 'audit.json': audit, 'bank.json': release(modelId, of) };
}

/** Trusts the parties of the tests for contributions, re-derivations, releases and a log. */
export function trustText({ record }: ProvedModel, change: (trust: Trust) => void = () => {}): string {
  if (record.setup.kind !== 'ceremony' || record.setup.ptau === undefined)
    throw new Error('its key is from no ceremony');
  const phase1 = [{ blake2b: record.setup.ptau.blake2b, name: 'ours' }];
  const trust: Trust = { ...trustWithLogs(), phase1 };
  change(trust);
  return JSON.stringify(trust, undefined, 2);
}

export interface Trust {
  parties: Record<string, { keys: { key: string; state: string; since?: string }[] }>;
}

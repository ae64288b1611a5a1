import {
  decimal,
  dictionary,
  hex,
  integer,
  list,
  literal,
  matching,
  type Reader,
  real,
  record,
  text,
  tuple,
} from '../json/read-json.ts';
import type { G1Json, G2Json, ProofJson, VerificationKeyJson } from '../key/key-types.ts';
import { Refusal } from '../refusal.ts';
import type { Envelope, ManifestChain, ModelIds } from './bundle-types.ts';
import { PAYLOAD_TYPE, type RowRecord } from './statement-types.ts';

// Readers of the parts that bundles of every version have in common.

// Any third coordinate is accepted here; `decodeG1` and `decodeG2` refuse those that are not 1, with a better code.
export const readG1 = tuple(decimal, decimal, decimal) as Reader<G1Json>;
const fp2 = tuple(decimal, decimal);
export const readG2 = tuple(fp2, fp2, fp2) as Reader<G2Json>;

export const readProof: Reader<ProofJson> = record(
  { protocol: literal('groth16'), curve: literal('bn128'), pi_a: readG1, pi_b: readG2, pi_c: readG1 },
  {},
);

export const readVerificationKey: Reader<VerificationKeyJson> = record(
  {
    protocol: literal('groth16'),
    curve: literal('bn128'),
    nPublic: integer(0),
    vk_alpha_1: readG1,
    vk_beta_2: readG2,
    vk_gamma_2: readG2,
    vk_delta_2: readG2,
    IC: list(readG1, 1),
  },
  {},
);

/** The optional members of `claims`. */
export const claimMembers = {
  producer: text,
  date: text,
  note: text,
  accuracy: record(
    { rows: integer(0), labelFlips: integer(0) },
    { floatAccuracy: real, integerAccuracy: real },
  ),
  soundness: record({ verdict: literal('proved', 'counterexample', 'unknown', 'skipped') }, { record: hex }),
};

export const readChain: Reader<ManifestChain> = record(
  { source: hex, integerGraph: hex, circom: hex, circuit: hex },
  {},
);

/** Tool or package → version. */
export const readTools = dictionary(/^[A-Za-z0-9@][A-Za-z0-9@/._-]{0,63}$/, text, 64);

export const readIds: Reader<ModelIds> = record({ circuitId: hex, keyId: hex, modelId: hex }, {});

export const readRow: Reader<RowRecord> = record({ index: integer(0) }, {});

/** A signature that nobody checks would look like one that was checked, so none is accepted. */
const noSignatures: Reader<readonly []> = (json, at) => {
  const items = list((item) => item)(json, at);
  if (items.length > 0) throw new Refusal('QP7207', { where: at });
  return [];
};

export const readEnvelope: Reader<Envelope> = record(
  {
    payloadType: literal(PAYLOAD_TYPE),
    payload: matching(/^[A-Za-z0-9+/]+={0,2}$/, 'base64'),
    signatures: noSignatures,
  },
  {},
);

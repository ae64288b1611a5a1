import type { Opening } from '../input/opening-types.ts';
import { readInterface, readSetup } from '../interface/read-interface.ts';
import { readFileJson } from '../json/read-file.ts';
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
  version,
} from '../json/read-json.ts';
import type { G1Json, G2Json, ProofJson, VerificationKeyJson } from '../key/key-types.ts';
import { Refusal } from '../refusal.ts';
import type {
  Bundle,
  Envelope,
  Manifest,
  ManifestChain,
  ModelIds,
  ModelRecord,
  ThinBundle,
} from './bundle-types.ts';
import { PAYLOAD_TYPE, type RowRecord } from './statement-types.ts';

// Any third coordinate is accepted here; `decodeG1` and `decodeG2` refuse those that are not 1, with a better code.
const g1 = tuple(decimal, decimal, decimal) as Reader<G1Json>;
const fp2 = tuple(decimal, decimal);
const g2 = tuple(fp2, fp2, fp2) as Reader<G2Json>;

export const readProof: Reader<ProofJson> = record(
  { protocol: literal('groth16'), curve: literal('bn128'), pi_a: g1, pi_b: g2, pi_c: g1 },
  {},
);

export const readVerificationKey: Reader<VerificationKeyJson> = record(
  {
    protocol: literal('groth16'),
    curve: literal('bn128'),
    nPublic: integer(0),
    vk_alpha_1: g1,
    vk_beta_2: g2,
    vk_gamma_2: g2,
    vk_delta_2: g2,
    IC: list(g1, 1),
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

export const readManifest: Reader<Manifest> = record(
  {
    version: version('quietproof/manifest/v1'),
    source: record({ format: literal('onnx', 'tfjs'), file: text }, { producer: text }),
    chain: readChain,
    bounds: hex,
    quantization: record(
      {
        weightBits: integer(1),
        inputBits: integer(1),
        activationBits: integer(1),
        selection: literal('auto', 'given'),
      },
      {},
    ),
    weights: literal('constants'),
    constraints: integer(0),
    tools: readTools,
  },
  { accuracy: hex, claims: record({}, claimMembers) },
);

export const readRecord: Reader<ModelRecord> = record(
  {
    version: version('quietproof/model/v1'),
    ids: readIds,
    interface: readInterface,
    manifest: readManifest,
    setup: readSetup,
    verificationKey: readVerificationKey,
  },
  {},
);

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

export const readBundle: Reader<ThinBundle & Partial<Bundle>> = record(
  {
    version: version('quietproof/bundle/v1'),
    statement: readEnvelope,
    proof: readProof,
    publicSignals: list(decimal, 1),
  },
  { model: readRecord },
);

export const readOpening: Reader<Opening> = record(
  {
    version: version('quietproof/opening/v1'),
    modelId: hex,
    row: readRow,
    digest: decimal,
    salt: decimal,
    values: list(integer(0), 1),
  },
  { input: list(real, 1) },
);

/** Reads a `*.proof.json` of version 1, thin or packed. @throws Refusal QP7001 to QP7010 */
export function parseBundle(source: string | Uint8Array): ThinBundle & Partial<Bundle> {
  return readFileJson(source, readBundle);
}

/**
 * Reads a `model.json` of version 1. Checks the form only; `prepareModel` checks the content.
 *
 * @throws Refusal QP7001 to QP7010
 */
export function parseModelRecord(source: string | Uint8Array): ModelRecord {
  return readFileJson(source, readRecord);
}

/** Reads an `*.opening.json` of version 1. @throws Refusal QP7001 to QP7010 */
export function parseOpening(source: string | Uint8Array): Opening {
  return readFileJson(source, readOpening);
}

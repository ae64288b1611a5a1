import type { Opening } from '../input/opening-types.ts';
import { readInterface, readSetup } from '../interface/read-interface.ts';
import { readFileJson } from '../json/read-file.ts';
import {
  decimal,
  hex,
  integer,
  list,
  literal,
  type Reader,
  real,
  record,
  text,
  version,
} from '../json/read-json.ts';
import type { Bundle, Manifest, ModelRecord, ThinBundle } from './bundle-types.ts';
import {
  claimMembers,
  readChain,
  readEnvelope,
  readIds,
  readProof,
  readRow,
  readTools,
  readVerificationKey,
} from './read-parts.ts';

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

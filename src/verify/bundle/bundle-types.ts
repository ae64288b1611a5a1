import type { ModelInterface, SetupRecord } from '../interface/model-interface.ts';
import type { Decimal, Hex } from '../json/encoded-types.ts';
import type { ProofJson, VerificationKeyJson } from '../key/key-types.ts';

/**
 * The origin of a circuit: the part of the artifact's manifest that travels with proofs. The model id covers only
 * `chain.circuit`; the rest is the producer's claim until someone derives it again from the source model.
 */
export interface Manifest {
  readonly version: 'quietproof/manifest/v1';
  /** Format, base name and producer of the model file. */
  readonly source: { readonly format: 'onnx' | 'tfjs'; readonly file: string; readonly producer?: string };
  readonly chain: ManifestChain;
  /** sha256 of bounds.json: the proved range of every wire. */
  readonly bounds: Hex;
  /** sha256 of accuracy.json; outside the chain, because the file contains floats of another runtime. */
  readonly accuracy?: Hex;
  readonly quantization: QuantizationSummary;
  readonly weights: 'constants';
  /** Constraints of the r1cs. */
  readonly constraints: number;
  /** Tool or package → version, e.g. `{ "circom": "2.2.2", "quietproof": "0.1.0" }`. */
  readonly tools: Readonly<Record<string, string>>;
  readonly claims?: ProducerClaims;
}

/** Each digest is computed from the previous one by a deterministic step. */
export interface ManifestChain {
  /** sha256 of the source model; several files are hashed in the order in which the importer reads them. */
  readonly source: Hex;
  /** sha256 of integer-graph.json. */
  readonly integerGraph: Hex;
  /** sha256 of the canonical {file name: sha256} of circuit.circom and the templates it includes. */
  readonly circom: Hex;
  /** The circuit id; must equal `ids.circuitId` of the model record. */
  readonly circuit: Hex;
}

export interface QuantizationSummary {
  readonly weightBits: number;
  readonly inputBits: number;
  readonly activationBits: number;
  /** 'auto': chosen by the compiler; 'given': by its user. */
  readonly selection: 'auto' | 'given';
}

/** The producer's claims about the model; the verifier checks none of them. Reals are canonical strings. */
export interface ProducerClaims {
  readonly producer?: string;
  /** When the key was made and the model became ready to prove. Any form, e.g. 2026-01-31. */
  readonly date?: string;
  readonly note?: string;
  readonly accuracy?: AccuracyClaim;
  readonly soundness?: SoundnessClaim;
}

/** Result of `quietproof check` when the circuit was compiled; anyone with the artifact can run it again. */
export interface SoundnessClaim {
  readonly verdict: 'proved' | 'counterexample' | 'unknown' | 'skipped';
  /** sha256 of soundness.json; missing when the check was skipped. */
  readonly record?: Hex;
}

export interface AccuracyClaim {
  readonly rows: number;
  readonly labelFlips: number;
  /** Fractions in [0, 1]. */
  readonly floatAccuracy?: string;
  readonly integerAccuracy?: string;
}

/** The three identities of a model; SPEC.md says how each is computed. */
export interface ModelIds {
  readonly circuitId: Hex;
  readonly keyId: Hex;
  readonly modelId: Hex;
}

/** Content of model.json: everything that all proofs of a model share. `makeModelRecord` computes its ids. */
export interface ModelRecord {
  readonly version: 'quietproof/model/v1';
  readonly ids: ModelIds;
  readonly interface: ModelInterface;
  readonly manifest: Manifest;
  readonly setup: SetupRecord;
  readonly verificationKey: VerificationKeyJson;
}

/** A DSSE envelope around the exact bytes of the statement. No version of the format carries signatures yet. */
export interface Envelope {
  readonly payloadType: 'application/vnd.in-toto+json';
  /** Canonical base64 of the canonical JSON of a `Statement`. */
  readonly payload: string;
  readonly signatures: readonly [];
}

/** Content of `<row>.proof.json` in a batch: one proof, which needs the model.json of the batch. */
export interface ThinBundle {
  readonly version: 'quietproof/bundle/v1';
  readonly statement: Envelope;
  readonly proof: ProofJson;
  /** Outputs, input values or digest, context: see `ModelInterface.signals`. */
  readonly publicSignals: readonly Decimal[];
}

/** A packed bundle: a thin one together with its model record. */
export interface Bundle extends ThinBundle {
  readonly model: ModelRecord;
}

import type { AccuracyClaim, ManifestChain, ModelIds, SoundnessClaim } from '../bundle/bundle-types.ts';
import type { SetupContribution } from '../interface/model-interface.ts';
import type { Hex, Open, Real } from '../json/encoded-types.ts';
import type { VerificationKeyJson } from '../key/key-types.ts';
import type { InterfaceV2 } from './interface-types.ts';
import type { ModelSidecars } from './sidecar-types.ts';

/** Content of model.json: everything that all proofs of a model share. */
export interface ModelRecordV2 extends Open {
  readonly version: 'quietproof/model/v2';
  /** modelId covers {circuitId, interface, keyId, quality, setup}. */
  readonly ids: ModelIds;
  readonly interface: InterfaceV2;
  readonly manifest: ManifestV2;
  readonly quality: Quality;
  readonly setup: SetupV2;
  readonly verificationKey: VerificationKeyJson;
  readonly sidecars?: ModelSidecars;
}

/** The producer's measurement against the floats of the model file: a claim until someone measures again. */
export type Quality = MeasuredQuality | UnjudgedQuality;

/** Measured on rows outside the calibration. judged: keeps the contract; loss-accepted: breaks it, but was accepted. */
export interface MeasuredQuality extends Open {
  readonly kind: 'judged' | 'loss-accepted';
  readonly contract: QualityContract;
  /** ≥ 1 */
  readonly rows: number;
  /** At least one of `flips` and `error`. `upper`: 95 % upper bound on the share of rows whose label flips. */
  readonly flips?: { readonly count: number; readonly upper: Real };
  /** Largest error, as a share of the span of the float outputs. */
  readonly error?: Real;
}

export interface UnjudgedQuality extends Open {
  readonly kind: 'not-judged';
  readonly contract?: QualityContract;
  readonly rows: number;
}

/** Largest share of flips, in [0, 1], and largest error as a share of the span. */
export interface QualityContract {
  readonly flips: Real;
  readonly error: Real;
}

export type SetupV2 = DevelopmentSetup | CeremonySetup;

export interface DevelopmentSetup extends Open {
  readonly kind: 'development';
}

export interface CeremonySetup extends Open {
  readonly kind: 'ceremony';
  readonly ptau?: { readonly blake2b: string; readonly name: string };
  /** 1 to 1024, at least one of kind contribution. */
  readonly contributions: readonly SetupContribution[];
  /** Sidecar digest of the transcript. */
  readonly transcript?: Hex;
}

/** The model id covers only `chain.circuit`; each statement binds the whole manifest. */
export interface ManifestV2 extends Open {
  readonly version: 'quietproof/manifest/v2';
  /** format: `^[a-z0-9][a-z0-9.+-]{0,31}$`, e.g. onnx, tfjs. */
  readonly source: { readonly format: string; readonly file: string; readonly producer?: string };
  readonly chain: ManifestChain;
  readonly bounds: Hex;
  readonly accuracy?: Hex;
  readonly quantization: QuantizationSummaryV2;
  readonly constraints: number;
  readonly tools: Readonly<Record<string, string>>;
  readonly claims?: ProducerClaimsV2;
}

export type QuantizationSummaryV2 =
  | { readonly kind: 'none' }
  | { readonly kind: 'per-layer'; readonly selection: 'auto' | 'given' }
  | {
      readonly kind: 'uniform';
      readonly weightBits: number;
      readonly inputBits: number;
      readonly activationBits: number;
      readonly selection: 'auto' | 'given';
    };

export interface ProducerClaimsV2 extends Open {
  readonly producer?: string;
  readonly date?: string;
  readonly note?: string;
  readonly accuracy?: AccuracyClaim;
  readonly soundness?: SoundnessClaim;
}

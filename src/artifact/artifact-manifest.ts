import type {
  AffineEncoding,
  AffineEncodingV2,
  CategoryEncoding,
  InputMode,
  Manifest,
  ManifestV2,
  Rank32Encoding,
} from '@quietproof/verify';
import type { StatedOutput } from '../integer/integer-graph.ts';
import type { BitWidths } from '../quantize/bit-widths.ts';
import type { Decision } from '../quantize/decision.ts';
import type { GridKind } from '../quantize/input-encoding.ts';
import type { FinerRuns } from '../quantize/recorded-scales.ts';

/** Content of manifest.json: everything decided and derived when a model was compiled. No times, no paths. */
export type ArtifactManifest = ArtifactManifestV1 | ArtifactManifestV2;

/** Written by 0.1. Its interface, records and bundles have version 1 of the format, and keep it. */
export interface ArtifactManifestV1 extends ArtifactFacts {
  readonly version: 'quietproof/artifact/v1';
  readonly manifest: Manifest;
}

/** Its interface, quality, records and bundles are of version 2 of the format. */
export interface ArtifactManifestV2 extends ArtifactFacts {
  readonly version: 'quietproof/artifact/v2';
  /** The part that travels with every proof. */
  readonly manifest: ManifestV2;
}

interface ArtifactFacts {
  readonly name: string;
  /** sha256 of interface.json. */
  readonly interface: string;
  /** sha256 of the other files that `compile` wrote, by name. */
  readonly files: Readonly<Record<string, string>>;
  readonly statement: StatementRecord;
  readonly quantization: QuantizationRecord;
  readonly cost: CostRecord;
}

/** What a proof says of one output, or of each of several. */
export type StatementRecord = {
  readonly output: StatedOutput;
  readonly input: InputMode;
} & (OutputRecord | { readonly outputs: readonly NamedOutputRecord[] });

export interface OutputRecord {
  readonly decision: { readonly kind: Decision['kind']; readonly threshold?: string };
  /** The final function of the float model, which the circuit leaves out: the circuit decides on the logits. */
  readonly head: 'none' | 'sigmoid' | 'softmax' | 'argmax';
}

export interface NamedOutputRecord extends OutputRecord {
  /** The output's name in the model file. */
  readonly name: string;
}

/** Everything chosen from data. With this record the integer graph can be derived from the model file alone. */
export interface QuantizationRecord {
  readonly reason: string;
  /** Missing in artifacts of 0.1, which have no widths of single layers: the travelling manifest names theirs. */
  readonly widths?: BitWidths;
  readonly calibration: {
    readonly file: string;
    readonly sha256: string;
    readonly rows: number;
    /** How many of them set the scales, by the fixed rule, where the others were held out. Missing if all did. */
    readonly fitted?: number;
  };
  /** Of all features, or of each run of features with one encoding. */
  readonly input: AffineEncoding | CompiledEncoding | readonly CodedFeatures[];
  /**
   * By feature, or once if they are all alike: whether its integers stand for the only values that it has. Missing in
   * artifacts of 0.1.
   */
  readonly grid?: GridKind | readonly GridKind[];
  /**
   * One entry per layer: real = integer · scale, or for the values that `finer` names a power of two less; `shift` where
   * the layer requantizes, and with an `offset` where it looks up a table. Reals are canonical strings.
   */
  readonly layers: readonly {
    readonly layer: string;
    readonly op: string;
    readonly scale: string;
    readonly finer?: FinerRuns;
    readonly shift?: number;
    readonly offset?: number;
  }[];
}

/** The encodings that models are compiled with. */
export type CompiledEncoding = AffineEncodingV2 | Rank32Encoding | CategoryEncoding;

/** Consecutive features with one encoding. */
export interface CodedFeatures {
  readonly count: number;
  readonly encoding: CompiledEncoding;
}

export interface CostRecord {
  readonly layers: readonly { readonly layer: string; readonly constraints: number }[];
  /** Constraints that the input mode adds, whichever mode it is. */
  readonly digest: number;
  readonly constraints: number;
  readonly publicSignals: number;
  readonly domainPower: number;
}

/** Content of bounds.json: the widest proved range per layer, so that an auditor can recompute it. */
export interface BoundsTable {
  readonly version: 'quietproof/bounds/v1';
  readonly layers: readonly {
    readonly layer: string;
    readonly op: string;
    readonly lo: number;
    readonly hi: number;
    /** Bits of the layer's widest decomposition. */
    readonly bits: number;
  }[];
}

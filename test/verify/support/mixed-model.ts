import {
  type BundleV2,
  contextSignal,
  EMPTY_CONTEXT,
  encodeRow,
  type InterfaceV2,
  inputDigest,
  inputWidths,
  type ManifestV2,
  type ModelRecordV2,
  type Quality,
  type RowValue,
  readingOf,
  type SetupV2,
} from '@quietproof/verify';
import { assembleBundleV2, packBundle } from '../../../src/bundle/assemble-bundle.ts';
import { makeModelRecordV2 } from '../../../src/bundle/make-model-record.ts';
import { SyntheticKey } from '../../export/solidity/support/synthetic.ts';
import { MIXED_INTERFACE, MODEL } from './spec-example.ts';

export const mixedInterface = JSON.parse(MIXED_INTERFACE) as InterfaceV2;
export const publicMixed: InterfaceV2 = {
  ...mixedInterface,
  input: { ...mixedInterface.input, mode: 'public' },
};
export const exampleManifest = (JSON.parse(MODEL) as ModelRecordV2).manifest;

export const SALT = 12345n;
export const ROW: readonly RowValue[] = [
  0.1,
  5,
  'boat',
  ...Array<number>(12).fill(1.3),
  ...Array<number>(12).fill(0),
];
/** One per output signal: granted, C, the highest score, three reasons. */
export const OUTPUTS = [1n, 2n, 131071n, 0n, 1023n, 512n];
export const CONTEXT_ID = '01'.repeat(32);
export const ORDER_7 = new TextEncoder().encode('order 7');

export interface MixedParts {
  readonly interface?: InterfaceV2;
  readonly manifest?: ManifestV2;
  readonly quality?: Quality;
  readonly setup?: SetupV2;
}

/** A model of version 2 with a key whose secrets are known. */
export class MixedModel {
  readonly record: ModelRecordV2;
  readonly values: readonly number[];
  readonly key: SyntheticKey;

  constructor(parts: MixedParts = {}) {
    const modelInterface = parts.interface ?? mixedInterface;
    const { plan, input } = readingOf(modelInterface);
    this.key = new SyntheticKey(plan.max.length);
    this.values = encodeRow(input, ROW).map(({ integer }) => integer);
    this.record = makeModelRecordV2({
      interface: modelInterface,
      manifest: exampleManifest,
      quality: { kind: 'not-judged', rows: 45 },
      setup: { kind: 'development' },
      verificationKey: this.key.verificationKey,
      ...parts,
    });
  }

  /** The public signals of `ROW`, by default without a context. */
  signals(context = EMPTY_CONTEXT): bigint[] {
    const { input } = readingOf(this.record.interface);
    const digest = inputDigest(this.values, inputWidths(input), SALT);
    return [...OUTPUTS, ...(input.mode === 'digest' ? [digest] : this.values.map(BigInt)), context];
  }

  /** A packed bundle with a valid proof for these signals. */
  bundle(signals = this.signals(), predicate: { readonly contextId?: string } = {}): BundleV2 {
    const proof = this.key.prove(signals);
    const publicSignals = signals.map(String);
    const row = { index: 3 };
    return packBundle(
      assembleBundleV2(this.record, { proof, publicSignals, row, ...predicate }),
      this.record,
    );
  }

  /** A packed bundle for a context with both parts. */
  inContext(callerPart: Uint8Array, contextId = CONTEXT_ID): BundleV2 {
    const context = contextSignal(callerPart, new Uint8Array(Buffer.from(contextId, 'hex')));
    return this.bundle(this.signals(context), { contextId });
  }
}

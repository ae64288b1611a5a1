import type { Hex, TrustFinding, Verdict } from '@quietproof/verify';
import type { AuditedQuality } from '../findings/findings-types.ts';
import type { FoundEntry } from '../sources/audit-source.ts';
import type { SealedPlace } from './sealed-place.ts';
import type { Standing } from './standing.ts';

/** An entry of a source. */
export interface SourceEntry extends FoundEntry {
  /** Index of its source. */
  readonly source: number;
}

/** What is kept of a verdict: a few hundred bytes that threads send, and that a state file has as JSON. */
export interface RecordVerdict
  extends Pick<
    Verdict,
    'valid' | 'identity' | 'recordId' | 'statementDigest' | 'leaf' | 'contextId' | 'row' | 'model'
  > {
  /** The answers in a line; empty for a record that is not valid. */
  readonly words: string;
  /** The first label among them. */
  readonly label?: string;
  readonly quality?: AuditedQuality;
}

/** What the auditor's parties say of a record's model. */
export interface AskedOfModel {
  /** What the trust file asks for its key is met. */
  readonly setupHolds: boolean;
  readonly trust?: TrustFinding;
}

/** A record that holds by itself, whether it is accepted or not. */
export interface HeldRecord {
  readonly asked: AskedOfModel;
  /** The last public signal. */
  readonly context: string;
  readonly place?: SealedPlace;
  readonly answered?: AnsweredInput;
}

/** What the proof says about input and answer. */
export interface AnsweredInput {
  /** Equal for records about one input, as far as that can be told. */
  readonly input: Hex;
  /** The public signals of the answer. */
  readonly outputs: string;
}

/** What an audit keeps of a record that was checked: plain data. */
export interface CheckResult {
  readonly standing: Standing;
  readonly verdict: RecordVerdict;
  readonly held?: HeldRecord;
}

export interface CheckedRecord extends CheckResult {
  readonly entry: SourceEntry;
}

import { hexToBytes } from '@noble/hashes/utils.js';
import { bundleInReceipt, isReceipt } from '../bundle/receipt.ts';
import type { OpenedInput } from '../input/open-input.ts';
import { checkSignals } from '../interface/check-signals.ts';
import { contextSignal, EMPTY_CONTEXT } from '../interface/context.ts';
import { splitSignals } from '../interface/public-signals.ts';
import type { Reading } from '../interface/reading.ts';
import type { Hex } from '../json/encoded-types.ts';
import { type PreparedKey, prepareKey } from '../key/prepared-key.ts';
import type { StatedProof } from '../key/proof-checker.ts';
import { checkVerificationKey } from '../key/verification-key.ts';
import { Refusal } from '../refusal.ts';
import type { ShownChain } from '../transcript/check-transcript.ts';
import type { TrustFinding } from '../trust/vouching-types.ts';
import {
  type AnyBundle,
  type AnyModelRecord,
  parseAnyBundle,
  parseAnyModelRecord,
} from '../versions/any-version.ts';
import { PreparedModel } from '../versions/prepare-model.ts';
import {
  type AnyRecord,
  checkDescription,
  checkModelIds,
  modelNamedBy,
  type OpenedStatement,
  openStatement,
  pairOf,
  parseOpeningOf,
} from '../versions/record.ts';
import { Checklist } from './checklist.ts';
import { examineInput } from './examine-input.ts';
import { examinePin } from './examine-pin.ts';
import { examineSeal } from './examine-seal.ts';
import { examineSetup } from './examine-setup.ts';
import type { VerdictSeal } from './verdict-types.ts';
import type { FileContent, VerifyOptions } from './verify-options.ts';
import { vouchedFor } from './vouched-for.ts';

/** A bundle after every check except those of the proof itself. */
export interface Examination {
  readonly list: Checklist;
  readonly bundle?: AnyBundle;
  readonly record?: AnyRecord;
  /** The model that a thin bundle names, if its record is missing. */
  readonly namedModel?: Hex;
  readonly reading?: Reading;
  readonly statement?: OpenedStatement;
  readonly signals?: readonly bigint[];
  /** What the transcript of the key shows, if there is one. */
  readonly chain?: ShownChain;
  /** What the caller's trusted parties say of the model. */
  readonly trust?: TrustFinding;
  /** What the log proof says. */
  readonly seal?: VerdictSeal;
  /** The input, if it is public or was opened. */
  readonly input?: OpenedInput;
  /** What remains to be checked; missing when a required check failed. */
  readonly pending?: PendingProof;
}

/** A proof whose points and equation are not checked yet. */
export interface PendingProof extends StatedProof {
  readonly key: PreparedKey;
}

/**
 * All checks before those of the points and the pairing, in order (SPEC.md, section 4). The first required check that
 * fails ends the examination. When an asked check (model, context, input) fails, the others still run, so that the verdict can tell
 * "valid, but not what you expected" from "not valid".
 */
export function examineBundle(source: FileContent, options: VerifyOptions): Examination {
  const list = new Checklist();
  const bundle = list.run('format', 'Strict JSON in canonical form, with known keys only', () =>
    parseAnyBundle(bundleIn(readContent(source))),
  );
  if (bundle === undefined) return { list };
  const prepared = preparedFor(bundle, options);
  const record = list.run(
    'model-record',
    'The key, circuit and model ids match the parts they identify',
    () => recordOf(bundle, prepared, options),
  );
  if (record === undefined) {
    const namedModel = list.status('model-record') === 'missing' ? readableModelOf(bundle) : undefined;
    return { list, bundle, ...(namedModel !== undefined && { namedModel }) };
  }
  const reading = list.run('interface', 'The ranges, counts and names of the interface are consistent', () =>
    prepared === undefined ? checkDescription(record.model) : prepared.reading,
  );
  if (reading === undefined) return { list, bundle, record };
  return examineStatement({ list, bundle, record, reading }, prepared, options);
}

/** @throws Refusal that says why the file was not read */
function readContent(file: FileContent): string | Uint8Array {
  if (file instanceof Refusal) throw file;
  return file;
}

function bundleIn(source: string | Uint8Array): string | Uint8Array {
  return isReceipt(source) ? bundleInReceipt(source) : source;
}

/** A model record that was checked before, for a thin bundle. */
function preparedFor(bundle: AnyBundle, { companion }: VerifyOptions): PreparedModel | undefined {
  return bundle.model === undefined && companion instanceof PreparedModel ? companion : undefined;
}

function recordOf(
  bundle: AnyBundle,
  prepared: PreparedModel | undefined,
  { companion }: VerifyOptions,
): AnyRecord {
  if (prepared !== undefined) return pairOf(bundle, prepared.record);
  if (bundle.model === undefined && companion === undefined) {
    const named = readableModelOf(bundle);
    throw new Refusal('QP7101', named === undefined ? {} : { where: `its statement names model ${named}` });
  }
  const model: AnyModelRecord = bundle.model ?? parseAnyModelRecord(readContent(companion as FileContent));
  const record = pairOf(bundle, model);
  checkModelIds(model);
  return record;
}

function readableModelOf(bundle: AnyBundle): Hex | undefined {
  try {
    return modelNamedBy(bundle);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

type Described = Required<Pick<Examination, 'list' | 'bundle' | 'record' | 'reading'>>;

function examineStatement(
  described: Described,
  prepared: PreparedModel | undefined,
  options: VerifyOptions,
): Examination {
  const { list, record } = described;
  const statement = list.run('statement', 'An in-toto statement of a known type, in canonical form', () =>
    openStatement(record, prepared),
  );
  if (statement === undefined) return described;
  list.run('binding', 'The statement matches the digests of all other parts', statement.checkBinding);
  if (list.status('binding') === 'fail') return described;
  list.run('sidecars', 'Every sidecar is bound to its subject', statement.checkSidecars);
  if (list.status('sidecars') === 'fail') return { ...described, statement };
  return examineProof({ ...described, statement }, prepared, options);
}

function examineProof(
  found: Described & { readonly statement: OpenedStatement },
  prepared: PreparedModel | undefined,
  options: VerifyOptions,
): Examination {
  const { list, record, reading, statement } = found;
  const { bundle, model } = record;
  const trust = options.trust && vouchedFor(model, options.trust);
  const known = { ...found, ...(trust !== undefined && { trust }) };
  examinePin(list, model, options, trust);
  const key = examineKey(list, model, reading, prepared, options);
  if (key === undefined) return known;
  const chain = examineSetup(list, model, key, trust);
  if (list.status('setup') === 'fail') return known;
  const signals = list.run(
    'signals',
    'Every public signal is within the range that the interface gives',
    () => checkSignals(reading.plan, bundle.publicSignals),
  );
  if (signals === undefined) return known;
  const parts = splitSignals(reading, signals);
  examineContext(list, parts.context, statement, options);
  const carried = record.version === 1 ? {} : record.bundle;
  const seal = examineSeal(list, carried, statement, options);
  const parseOpening = (source: string | Uint8Array) => parseOpeningOf(record.version, source);
  const input = examineInput(list, { reading: reading.input, signals: parts.input, parseOpening }, options);
  list.skip('signature', 'The statement is not signed; this version of the format has no signatures');
  return {
    ...known,
    ...(input !== undefined && { input }),
    ...(chain !== undefined && { chain }),
    ...(seal !== undefined && { seal }),
    signals,
    pending: { key, proof: bundle.proof, signals },
  };
}

function examineKey(
  list: Checklist,
  { ids, verificationKey }: AnyModelRecord,
  { plan }: Reading,
  prepared: PreparedModel | undefined,
  options: VerifyOptions,
): PreparedKey | undefined {
  return list.run('key', 'The key is well formed and excludes the known forgeries', () => {
    if (prepared !== undefined) return prepared.key;
    // The key id was recomputed from the key itself, so the lookup is safe. The number of signals comes from the
    // interface and must be compared again.
    const known = options.keys?.get(ids.keyId);
    if (known !== undefined && known.ic.length === plan.max.length + 1) return known;
    const checked = checkVerificationKey(verificationKey, plan.max.length);
    const made = options.keys === undefined ? prepareKey(checked) : prepareKey(checked, plan.max);
    options.keys?.set(ids.keyId, made);
    return made;
  });
}

function examineContext(
  list: Checklist,
  found: bigint,
  { contextId }: OpenedStatement,
  { context }: VerifyOptions,
): void {
  if (context === undefined) {
    const kind =
      found === EMPTY_CONTEXT ? 'The proof was made without a context' : 'The proof was made for a context';
    list.skip('context', `${kind}; you did not say which one you expect`);
    return;
  }
  list.run('context', 'The proof was made for the context you gave', () => {
    const recordPart = contextId === undefined ? undefined : hexToBytes(contextId);
    if (found !== contextSignal(context, recordPart)) throw new Refusal('QP7602');
  });
}

import type { Bundle, ModelRecord, ThinBundle } from '../bundle/bundle-types.ts';
import { checkModelIds, checkSetup, PreparedModel } from '../bundle/prepare-model.ts';
import { parseBundle, parseModelRecord } from '../bundle/read-bundle.ts';
import { bundleInReceipt, isReceipt } from '../bundle/receipt.ts';
import { checkBinding, openEnvelope, type ReadStatement } from '../bundle/statement.ts';
import { checkInterface, type SignalPlan } from '../interface/check-interface.ts';
import { checkSignals } from '../interface/check-signals.ts';
import { contextSignal, EMPTY_CONTEXT } from '../interface/context.ts';
import { type PublicSignals, splitSignals } from '../interface/public-signals.ts';
import { decodeProof, type PreparedKey, type ProofPoints, prepareKey } from '../key/prepared-key.ts';
import { checkVerificationKey } from '../key/verification-key.ts';
import { Refusal } from '../refusal.ts';
import { Checklist } from './checklist.ts';
import { examineInput, type InputQuestion } from './examine-input.ts';

/** What the caller asks beyond "does this proof hold". */
export interface VerifyOptions {
  /** The model id the caller expects: the pin. */
  readonly model?: string;
  /** Accept any model: `accepted` then needs no pin. The verdict still says that nothing was pinned. */
  readonly anyModel?: boolean;
  /** The context the proof must have been made for. */
  readonly context?: Uint8Array;
  /** The input the proof must be about: the row of reals, and for a digest its opening (which alone is enough). */
  readonly input?: InputQuestion;
  /** model.json, for thin bundles; ignored for packed ones. */
  readonly companion?: PreparedModel | string | Uint8Array;
  /** Kept between calls, it makes many packed bundles of one key as cheap as thin ones: key id → prepared key. */
  readonly keys?: Map<string, PreparedKey>;
}

/** A bundle after every check but the pairing equation. */
export interface Examination {
  readonly list: Checklist;
  readonly model?: ModelRecord;
  readonly read?: ReadStatement;
  readonly signals?: readonly bigint[];
  /** The input as integers, where it is public or was opened. */
  readonly values?: readonly number[];
  /** What remains to be checked; missing where a required check failed. */
  readonly equation?: {
    readonly key: PreparedKey;
    readonly proof: ProofPoints;
    readonly signals: readonly bigint[];
  };
}

type AnyBundle = ThinBundle & Partial<Bundle>;

/**
 * All checks before the pairing, in order. A required check that fails ends the examination; an asked one (model,
 * context, input) is noted and the rest goes on, so that "valid, but not what you expected" can be told apart.
 */
export function examineBundle(source: string | Uint8Array, options: VerifyOptions): Examination {
  const list = new Checklist();
  const bundle = list.run('format', 'Strict JSON in its one canonical form, with known keys only', () =>
    parseBundle(isReceipt(source) ? bundleInReceipt(source) : source),
  );
  if (bundle === undefined) return { list };
  const trusted = bundle.model === undefined && options.companion instanceof PreparedModel;
  const model = examineRecord(list, bundle, options);
  if (model === undefined) return { list };
  const plan = list.run('interface', 'Ranges, counts and names of the interface agree', () =>
    trusted ? (options.companion as PreparedModel).plan : checkInterface(model.interface),
  );
  if (plan === undefined) return { list, model };
  return examineProof(list, bundle, model, plan, options);
}

function examineRecord(list: Checklist, bundle: AnyBundle, options: VerifyOptions): ModelRecord | undefined {
  return list.run('model-record', 'Key, circuit and model ids follow from the parts they name', () => {
    const { companion } = options;
    if (bundle.model === undefined && companion instanceof PreparedModel) return companion.record;
    if (bundle.model === undefined && companion === undefined) throw new Refusal('QP7101');
    const model = bundle.model ?? parseModelRecord(companion as string | Uint8Array);
    checkModelIds(model);
    return model;
  });
}

function examineProof(
  list: Checklist,
  bundle: AnyBundle,
  model: ModelRecord,
  plan: SignalPlan,
  options: VerifyOptions,
): Examination {
  const read = list.run('statement', 'An in-toto statement of a known type, in canonical form', () =>
    openEnvelope(bundle.statement),
  );
  if (read === undefined) return { list, model };
  list.run('binding', 'The statement names the digests of every other part', () =>
    checkBinding(read.statement, model, bundle.publicSignals),
  );
  if (list.status('binding') === 'fail') return { list, model };
  examinePin(list, model, options);
  const found = { list, model, read };
  const key = examineKey(list, bundle, model, plan, options);
  if (key === undefined || !examineSetup(list, model)) return found;
  const signals = list.run('signals', 'Every public signal is within the range its interface gives it', () =>
    checkSignals(plan, bundle.publicSignals),
  );
  if (signals === undefined) return found;
  const parts = splitSignals(model.interface, signals);
  examineContext(list, parts, options);
  const values = examineInput(list, model.interface.input, parts.input, options.input ?? {});
  const proof = list.run('points', 'The points of the proof are on their curves and in their groups', () =>
    decodeProof(bundle.proof),
  );
  list.skip('signature', 'The statement is not signed; this version of the format has no signatures');
  if (proof === undefined) return found;
  return { ...found, signals, equation: { key, proof, signals }, ...(values !== undefined && { values }) };
}

function examinePin(list: Checklist, model: ModelRecord, options: VerifyOptions): void {
  if (options.model === undefined) {
    list.skip('model', 'You did not say which model you expect');
    return;
  }
  list.run('model', 'The model is the one you expect', () => {
    if (options.model === model.ids.modelId) return;
    throw new Refusal('QP7601', { where: `${model.ids.modelId}, expected ${options.model}` });
  });
}

function examineKey(
  list: Checklist,
  bundle: AnyBundle,
  model: ModelRecord,
  plan: SignalPlan,
  options: VerifyOptions,
): PreparedKey | undefined {
  return list.run('key', 'The key has the right shape and admits none of the known forgeries', () => {
    if (bundle.model === undefined && options.companion instanceof PreparedModel)
      return options.companion.key;
    // The key id was recomputed from the key itself, so it is safe to look up by; the number of signals is the
    // interface's and has to be compared again.
    const known = options.keys?.get(model.ids.keyId);
    if (known !== undefined && known.ic.length === plan.max.length + 1) return known;
    const checked = checkVerificationKey(model.verificationKey, plan.max.length);
    const made = options.keys === undefined ? prepareKey(checked) : prepareKey(checked, plan.max);
    options.keys?.set(model.ids.keyId, made);
    return made;
  });
}

function examineContext(
  list: Checklist,
  { context: found }: PublicSignals<bigint>,
  { context }: VerifyOptions,
): void {
  if (context === undefined) {
    const kind =
      found === EMPTY_CONTEXT ? 'The proof was made for no context' : 'The proof was made for a context';
    list.skip('context', `${kind}; you did not say which you expect`);
    return;
  }
  list.run('context', 'The proof was made for the context you gave', () => {
    if (found !== contextSignal(context)) throw new Refusal('QP7602');
  });
}

/** The setup record is under the model id, but it is the producer's claim: at best this check is skipped. */
function examineSetup(list: Checklist, model: ModelRecord): boolean {
  const development = 'A development key: whoever made it can forge proofs';
  const claim =
    'Contributors are what the producer says: the transcript of the ceremony is not in the bundle';
  list.run('setup', '', () => checkSetup(model));
  if (list.status('setup') === 'fail') return false;
  list.skip('setup', model.setup.kind === 'development' ? development : claim);
  return true;
}

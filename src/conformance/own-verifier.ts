/** Our own verifier, asked as the conformance suite asks any. */
import {
  checkVerificationKey,
  decodeProof,
  fileJson,
  groth16Holds,
  type PreparedKey,
  type ProofChecker,
  parseBundle,
  parseModelRecord,
  prepareKey,
  R,
  Refusal,
  type Verdict,
  type VerifyOptions,
  Vouching,
  verifyBundle,
} from '@quietproof/verify';
import type { Answer, Case, FileName } from './case.ts';
import type { Suite } from './suite.ts';

/** Content of the files, by option name. */
export type Files = Readonly<Partial<Record<FileName, Uint8Array>>>;

/** What is checked besides the files. */
type Question = Pick<Case, 'model' | 'context' | 'tolerance' | 'at'>;

/** What verdicts on bundles of version 2 say in addition. */
interface Version2 {
  readonly statementDigest?: string;
  readonly leaf?: string;
  readonly unchecked?: readonly { readonly path: string }[];
}

/** Prepared keys by key id. Most cases share a few keys. */
const keys = new Map<string, PreparedKey>();

/** The files of a case, as bytes. */
export function filesOf({ files }: Case, suite: Suite): Files {
  return Object.fromEntries(Object.entries(files).map(([name, source]) => [name, suite.bytesOf(source)]));
}

/** @param checker confirms proofs, as for `verifyBundle` */
export function askVerifier(one: Case, suite: Suite, checker?: ProofChecker): Answer {
  const files = filesOf(one, suite);
  if (one.command === 'verify-proof') return verifyParts(files, suite);
  try {
    const options = { ...optionsOf(files, one), ...(checker !== undefined && { checker }) };
    return answerOf(verifyBundle(files.bundle as Uint8Array, options));
  } catch (error) {
    // Without a trust file that can be read there is no verdict.
    if (!(error instanceof Refusal)) throw error;
    return { verdict: 'invalid', check: 'trust', code: error.code };
  }
}

function vouchingOf({ trust, statements }: Files, { at }: Question): Vouching | undefined {
  if (trust === undefined) return undefined;
  const texts: string[] = statements === undefined ? [] : JSON.parse(Buffer.from(statements).toString());
  return new Vouching(
    trust,
    texts.map((content, index) => ({ name: `statement ${index}`, content })),
    at,
  );
}

export function optionsOf(files: Files, ask: Question): VerifyOptions {
  const { companion, opening, input } = files;
  const trust = vouchingOf(files, ask);
  const row = input && (JSON.parse(Buffer.from(input).toString()) as number[]);
  return {
    keys,
    ...(trust !== undefined && { trust }),
    ...(ask.model !== undefined && { model: ask.model }),
    ...(ask.context !== undefined && { context: Buffer.from(ask.context, 'hex') }),
    ...(ask.tolerance !== undefined && { tolerance: Number(ask.tolerance) }),
    ...(companion !== undefined && { companion }),
    ...((opening ?? row) !== undefined && {
      input: { ...(opening !== undefined && { opening }), ...(row !== undefined && { row }) },
    }),
  };
}

/** What checks say of ceremonies and of log proofs; where there is none they are skipped. */
const SAID: readonly string[] = ['claimed', 'pass'];

export function answerOf(verdict: Verdict & Version2): Answer {
  const { outcome } = verdict;
  const reason = verdict.checks.find(({ status, code }) => {
    if (outcome === 'invalid') return status === 'fail';
    return outcome === 'incomplete' && (status === 'missing' || (status === 'claimed' && code !== undefined));
  });
  const [setup, seal] = ['setup', 'seal'].map((name) => verdict.checks.find(({ id }) => id === name)?.status);
  const trusted = verdict.trust?.rules.flatMap(({ what, found }) => found.map((name) => `${what}:${name}`));
  return {
    verdict: outcome,
    ...(reason !== undefined && { check: reason.id, code: reason.code }),
    ...(verdict.recordId !== undefined && { recordId: verdict.recordId }),
    ...(verdict.statementDigest !== undefined && { statement: verdict.statementDigest }),
    ...(verdict.leaf !== undefined && { leaf: verdict.leaf }),
    ...(verdict.unchecked !== undefined && { unchecked: verdict.unchecked.map(({ path }) => path).sort() }),
    ...(setup !== undefined && SAID.includes(setup) && { setup }),
    ...(seal !== undefined && SAID.includes(seal) && { seal }),
    ...(trusted !== undefined && { trusted: [...new Set(trusted)].sort() }),
  };
}

/** Of version 1, as all cases with such parts are. */
const A_BUNDLE = 'label-a.proof.json';

/**
 * The package only parses keys and proofs inside records and bundles, so the parts are inserted into a valid bundle and
 * parsed with it.
 */
function verifyParts(files: Files, suite: Suite): Answer {
  let check = 'format';
  try {
    const good = JSON.parse(suite.base(A_BUNDLE));
    const [key, publicSignals, proof] = [files.key, files.public, files.proof].map(inFileForm);
    const { verificationKey } = parseModelRecord(fileJson({ ...good.model, verificationKey: key }));
    const bundle = parseBundle(fileJson({ ...good, publicSignals, proof }));
    check = 'key';
    const checked = checkVerificationKey(verificationKey);
    check = 'signals';
    const signals = bundle.publicSignals.map(BigInt);
    if (signals.length !== verificationKey.nPublic || signals.some((signal) => signal >= R))
      throw new Refusal('QP7401');
    check = 'points';
    const points = decodeProof(bundle.proof);
    check = 'proof';
    if (!groth16Holds(prepareKey(checked), points, signals)) throw new Refusal('QP7505');
    return { verdict: 'valid' };
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof SyntaxError)) throw error;
    return { verdict: 'invalid', check };
  }
}

function inFileForm(bytes: Uint8Array | undefined): unknown {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const value = JSON.parse(text) as unknown;
  if (fileJson(value) !== text) throw new SyntaxError('not in file form');
  return value;
}

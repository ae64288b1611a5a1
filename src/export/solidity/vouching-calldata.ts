import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { StatementFinding, StatementKind, TrustFinding } from '@quietproof/verify';
import { trustQuestion } from '@quietproof/verify/command/trust-question';
import { verifyFiles } from '@quietproof/verify/command/verify-files';
import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type AbiValue, abiEncode, word } from './abi.ts';
import type { ContractCall } from './bundle-calls.ts';

export interface VouchingRequest {
  /** A trust.json: the policy. */
  readonly trust: string;
  /** Signed statements, and folders of them. */
  readonly statements?: readonly string[];
  /** The time to judge for; default: now. */
  readonly at?: string;
}

/** Who vouches for a model, as the owner of a registry records it. */
export interface VouchingCalldata {
  readonly modelId: string;
  /** SHA-256 of the trust file, as 0x and 64 hex digits. */
  readonly policy: string;
  /** The largest number that a rule asks for, by kind. */
  readonly least: Readonly<Record<StatementKind, number>>;
  /** One per kind and key, in the order that the contract asks for. */
  readonly statements: readonly RecordedStatement[];
  /** On the registry, by its owner. */
  readonly recordVouching: ContractCall;
}

export interface RecordedStatement {
  readonly kind: StatementKind;
  readonly party: string;
  readonly keyId: string;
  /** SHA-256 of the signed payload. */
  readonly digest: string;
}

/** In the order of the contract's enum. */
const KINDS: readonly StatementKind[] = ['contribution', 'rederivation', 'release'];
const RECORD = {
  signature: 'recordVouching(uint256,bytes32,uint32[3],(uint8,bytes32,bytes32,string)[])',
  selector: '606d4614',
};

/**
 * The call that records whose statements meet a trust file for the model of a bundle. The bundle is verified with the
 * trust file first: a chain checks no signature, so nothing is recorded that does not hold here.
 *
 * @throws QP7953 if the bundle is not valid, or somebody whom the trust file asks for has not signed; UsageError; Refusal
 *   QP7210 to QP7212
 */
export async function vouchingCalldata(file: string, request: VouchingRequest): Promise<VouchingCalldata> {
  const trust = await trustQuestion(request);
  if (trust === undefined) throw new TypeError('no trust file');
  for await (const { verdict } of verifyFiles([file], { anyModel: true, trust })) {
    const { trust: found, model } = verdict;
    if (verdict.accepted && found !== undefined && model !== undefined) {
      const policy = createHash('sha256')
        .update(await readFile(request.trust))
        .digest('hex');
      return calldata(model.modelId, policy, found);
    }
    throw new QuietproofError('QP7953', {
      where: file,
      fix: `Run quietproof verify on it with the same trust file for details. ${verdict.headline}`,
    });
  }
  throw new QuietproofError('QP7953', { where: file });
}

function calldata(modelId: string, policy: string, { rules, statements }: TrustFinding): VouchingCalldata {
  const leastOf = (kind: StatementKind) =>
    Math.max(0, ...rules.filter(({ what }) => what === kind).map(({ least }) => least));
  const least = {
    contribution: leastOf('contribution'),
    rederivation: leastOf('rederivation'),
    release: leastOf('release'),
  };
  const recorded = KINDS.flatMap((kind) => recordedOf(kind, statements));
  const hex = (text: string) => ({ kind: 'word', value: BigInt(`0x${text}`) }) as const;
  const structs = recorded.map(({ kind, keyId, digest, party }): AbiValue[] => [
    { kind: 'word', value: BigInt(KINDS.indexOf(kind)) },
    hex(keyId.slice(2)),
    hex(digest.slice(2)),
    { kind: 'bytes', hex: Buffer.from(party).toString('hex') },
  ]);
  const counts = KINDS.map((kind) => BigInt(least[kind]));
  const values: AbiValue[] = [
    ...[hex(modelId), hex(policy)],
    { kind: 'words', values: counts },
    { kind: 'structs', values: structs },
  ];
  return {
    modelId: `0x${modelId}`,
    policy: `0x${policy}`,
    least,
    statements: recorded,
    recordVouching: {
      signature: RECORD.signature,
      args: [
        `0x${modelId}`,
        `0x${policy}`,
        counts.map((count) => `0x${word(count)}`),
        recorded.map(({ kind, keyId, digest, party }) => [String(KINDS.indexOf(kind)), keyId, digest, party]),
      ],
      calldata: `0x${RECORD.selector}${abiEncode(values)}`,
    },
  };
}

/** Statements that count, the first of each key, by key id. */
function recordedOf(kind: StatementKind, statements: readonly StatementFinding[]): RecordedStatement[] {
  const byKey = new Map<string, RecordedStatement>();
  for (const one of statements) {
    const { counts, party, keyId, digest, retires } = one;
    if (!counts || one.kind !== kind || retires || party === undefined) continue;
    if (keyId === undefined || digest === undefined || byKey.has(keyId)) continue;
    byKey.set(keyId, { kind, party, keyId: `0x${keyId}`, digest: `0x${digest}` });
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, recorded]) => recorded);
}

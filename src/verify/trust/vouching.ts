import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Hex } from '../json/encoded-types.ts';
import type { LogTrust } from '../log/witnessed.ts';
import { Refusal } from '../refusal.ts';
import type { Phase1 } from '../transcript/phase-1.ts';
import { requireConfirmed } from './confirmed-points.ts';
import { requireInTime } from './counts-in-time.ts';
import { matchContribution, matchRederivation, type Vouched } from './match-statement.ts';
import {
  type GivenStatement,
  isOpened,
  kindOf,
  type OpenedStatement,
  openStatement,
  type RefusedStatement,
} from './open-statements.ts';
import { type CheckedTrust, parseTrust } from './read-trust.ts';
import { CONTRIBUTION_TYPE, REDERIVATION_TYPE, RELEASE_TYPE } from './statement-types.ts';
import { isTime, timeOf } from './time.ts';
import type { StatementKind, Time, TrustRule } from './trust-types.ts';
import type { RuleFinding, StatementFinding, TrustFinding } from './vouching-types.ts';

/** More would only cost time: each is a file that somebody chose to give. */
export const MAX_STATEMENTS = 1024;
/** How many statements that records carry are remembered. */
const MAX_REMEMBERED = 4096;

type Opened = OpenedStatement | RefusedStatement;

/** A trust file with the statements that a reader has: what `verifyBundle` asks about a model's makers. */
export class Vouching {
  readonly at: Time;
  readonly #trust: CheckedTrust;
  readonly #given: readonly Opened[];
  readonly #carried = new Map<Hex, Opened>();

  /**
   * @param trustFile content of a trust.json
   * @param at the time for which the question is asked; default: now
   * @throws Refusal QP7210 to QP7212; RangeError for more than 1024 statements, or an `at` that is no time
   */
  constructor(
    trustFile: string | Uint8Array,
    statements: readonly GivenStatement[] = [],
    at: Time = timeOf(new Date()),
  ) {
    if (statements.length > MAX_STATEMENTS) throw new RangeError(`more than ${MAX_STATEMENTS} statements`);
    if (!isTime(at)) throw new RangeError(`"${at}" is no time like 2026-11-27T19:24:19Z`);
    this.at = at;
    this.#trust = parseTrust(trustFile);
    this.#given = statements.map((one) => openStatement(one, this.#trust));
  }

  /** Whether the trust file asks who contributed and who derived again, and who releases. */
  asks(what: StatementKind): boolean {
    return this.#trust.file.rules.some((rule) => rule.what === what);
  }

  /** The log of an origin, and who has to have seen that it only grows; undefined if the trust file names none. */
  log(origin: string): LogTrust | undefined {
    return this.#trust.logs.get(origin);
  }

  /** @param carried statements in the record itself */
  examine(vouched: Vouched, carried: readonly GivenStatement[] = []): TrustFinding {
    const opened = [...this.#given, ...carried.map((one) => this.#open(one))];
    const { rules, phase1 = [] } = this.#trust.file;
    const judged = judgeAll(opened, vouched, { rules, phase1, at: this.at });
    return { at: this.at, rules: rules.map((rule) => ruleFinding(rule, judged)), statements: judged };
  }

  /** The same sidecars come with every bundle of a model. */
  #open({ name, content }: GivenStatement): Opened {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const digest = bytesToHex(sha256(bytes));
    const known = this.#carried.get(digest);
    if (known !== undefined) return { ...known, name };
    const opened = openStatement({ name, content }, this.#trust);
    if (this.#carried.size < MAX_REMEMBERED) this.#carried.set(digest, opened);
    return opened;
  }
}

interface Question {
  readonly rules: readonly TrustRule[];
  readonly phase1: readonly Phase1[];
  readonly at: Time;
}

function judgeAll(opened: readonly Opened[], vouched: Vouched, question: Question): StatementFinding[] {
  const readable = opened.filter(isOpened);
  const first = opened.map((one) => {
    const refusal = isOpened(one) ? reasonAgainst(one, readable, vouched, question) : one.refusal;
    return { one, refusal };
  });
  const fitting = first.flatMap(({ one, refusal }) => (isOpened(one) && refusal === undefined ? [one] : []));
  const second = first.map(({ one, refusal }) => ({ one, refusal: refusal ?? unconfirmed(one, fitting) }));
  const counting = second.flatMap(({ one, refusal }) =>
    isOpened(one) && refusal === undefined ? [one] : [],
  );
  return second.map(({ one, refusal }) =>
    findingOf(one, refusal ?? (isOpened(one) ? rivalOf(one, counting) : undefined), vouched.ids.modelId),
  );
}

function reasonAgainst(
  one: OpenedStatement,
  others: readonly OpenedStatement[],
  vouched: Vouched,
  { rules, phase1, at }: Question,
): Refusal | undefined {
  const { statement, signer } = one;
  try {
    if (statement.predicateType === CONTRIBUTION_TYPE) matchContribution(statement, vouched);
    else if (statement.predicateType === REDERIVATION_TYPE) matchRederivation(statement, vouched, phase1);
    else if (statement.subject[0].digest.sha256 !== vouched.ids.modelId) {
      if (statement.predicate.retires?.includes(vouched.ids.modelId) !== true) throw new Refusal('QP7218');
    }
    const isRelease = statement.predicateType === RELEASE_TYPE;
    if (signer.isProducer && !isRelease) throw new Refusal('QP7223', { where: signer.party });
    const kind = kindOf(statement);
    const isAsked = rules.some(({ what, by }) => what === kind && by.includes(signer.party));
    if (!isAsked) throw new Refusal('QP7228', { where: `${kind} by ${signer.party}` });
    requireInTime(one, others, at);
    if (isRelease && statement.predicate.from > at) {
      throw new Refusal('QP7222', { where: `it is from ${statement.predicate.from}` });
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error;
  }
}

function unconfirmed(one: Opened, fitting: readonly OpenedStatement[]): Refusal | undefined {
  if (!isOpened(one) || one.statement.predicateType !== CONTRIBUTION_TYPE) return undefined;
  return requireConfirmed(one.statement, fitting);
}

/** One step has one secret: two parties that both say it was theirs do not count as two, nor as either. */
function rivalOf(one: OpenedStatement, counting: readonly OpenedStatement[]): Refusal | undefined {
  if (one.statement.predicateType !== CONTRIBUTION_TYPE) return undefined;
  const { index } = one.statement.predicate;
  const rival = counting.find(
    ({ statement, signer }) =>
      statement.predicateType === CONTRIBUTION_TYPE &&
      statement.predicate.index === index &&
      signer.party !== one.signer.party,
  );
  if (rival === undefined) return undefined;
  return new Refusal('QP7219', { where: `contribution ${index}: ${rival.signer.party} signed it too` });
}

function findingOf(one: Opened, refusal: Refusal | undefined, modelId: Hex): StatementFinding {
  const { name } = one;
  const against =
    refusal === undefined
      ? {}
      : {
          code: refusal.code,
          why: refusal.where === undefined ? refusal.what : `${refusal.what} (${refusal.where})`,
        };
  if (!isOpened(one)) {
    const { kind, party } = one;
    return { name, counts: false, ...(kind && { kind }), ...(party && { party }), ...against };
  }
  const { statement, signer } = one;
  const retires = statement.predicateType === RELEASE_TYPE && statement.subject[0].digest.sha256 !== modelId;
  return {
    name,
    counts: refusal === undefined,
    kind: kindOf(statement),
    party: signer.party,
    keyId: statement.predicate.signer,
    digest: one.digest,
    date: statement.predicate.date,
    ...(statement.predicateType === REDERIVATION_TYPE && { reservations: statement.predicate.reservations }),
    ...(retires && { retires }),
    ...against,
  };
}

function ruleFinding({ what, least, by }: TrustRule, judged: readonly StatementFinding[]): RuleFinding {
  const counting = judged.filter(({ counts, kind, retires }) => counts && kind === what && retires !== true);
  const counted = new Set(counting.map(({ party }) => party));
  const found = by.filter((name) => counted.has(name));
  return { what, least, by, found, met: found.length >= least };
}

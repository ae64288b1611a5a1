import {
  type GivenStatement,
  parseTrust,
  Refusal,
  readStatementFile,
  type Time,
  type TrustFinding,
  Vouching,
} from '@quietproof/verify';
import { readNamed } from '@quietproof/verify/command/read-source';
import { statementFiles, trustQuestion } from '@quietproof/verify/command/trust-question';
import { sha256 } from '../../data/sha256.ts';

/** A statement about a model by a key that the trust file lists as compromised. */
export interface CompromisedSigner {
  readonly party: string;
  readonly since: Time;
}

/** What an `AuditTrust` is made of, as a message to a thread. */
export interface TrustParts {
  readonly source: Uint8Array;
  readonly statements: readonly { readonly name: string; readonly content: Uint8Array }[];
  readonly at: Time | undefined;
}

/** The auditor's trust file, and the statements that were given. */
export class AuditTrust {
  readonly vouching: Vouching;
  readonly sha256: string;
  readonly parts: TrustParts;
  readonly #compromised: ReadonlyMap<string, Time>;
  /** By the name of its file, from when a release holds. */
  readonly #from: ReadonlyMap<string, Time>;

  /** @throws Refusal QP7210 to QP7212 */
  constructor({ source, statements, at }: TrustParts) {
    this.vouching = new Vouching(source, statements, at);
    this.sha256 = sha256(source);
    this.parts = { source, statements, at: this.vouching.at };
    const keys = [...parseTrust(source).keys];
    this.#compromised = new Map(
      keys.flatMap(([id, { trusted }]) => (trusted.state === 'compromised' ? [[id, trusted.since]] : [])),
    );
    this.#from = new Map(
      statements.flatMap((one) => {
        const from = releasedFrom(one);
        return from === undefined ? [] : [[one.name, from]];
      }),
    );
  }

  /** @throws UsageError; Refusal QP7210 to QP7212; the error of the system */
  static async read(trust: string, statements: readonly string[], at: Time | undefined): Promise<AuditTrust> {
    // Says what is wrong with them, and for which time they are judged. What is judged is read once, with its digest.
    const asked = await trustQuestion({ trust, statements, ...(at !== undefined && { at }) });
    const files = (await Promise.all(statements.map(statementFiles))).flat();
    const given = await Promise.all(files.map(async (name) => ({ name, content: await readNamed(name) })));
    const source = await readNamed(trust);
    return new AuditTrust({ source, statements: given, at: asked?.at });
  }

  /** Seconds since 1970. */
  get now(): number {
    return Date.parse(this.vouching.at) / 1000;
  }

  /** Of statements about this model that do not count because whoever stole the key could have written them. */
  compromisedSigners(finding: TrustFinding): CompromisedSigner[] {
    return finding.statements.flatMap(({ party, keyId, code }) => {
      const since = keyId === undefined ? undefined : this.#compromised.get(keyId);
      const isOpen = code === 'QP7221' && since !== undefined && party !== undefined;
      return isOpen ? [{ party, since }] : [];
    });
  }

  /**
   * From when a release of a trusted producer retires the model; `unknown` where its time was not among the statements
   * given.
   */
  retiredFrom(finding: TrustFinding): Time | 'unknown' | undefined {
    const retiring = finding.statements.filter(({ retires, counts }) => retires === true && counts);
    if (retiring.length === 0) return undefined;
    const times = retiring.map(({ name }) => this.#from.get(name));
    const known = times.filter((time) => time !== undefined).sort();
    return known.length < times.length ? 'unknown' : known[0];
  }
}

function releasedFrom({ content }: GivenStatement): Time | undefined {
  try {
    const { predicate } = readStatementFile(content).statement;
    return 'from' in predicate ? predicate.from : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

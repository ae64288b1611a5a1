import {
  type CheckedTrust,
  parseTrust,
  Refusal,
  type StatementFinding,
  type TrustFinding,
  timeOf,
  Vouching,
  vouchedFor,
} from '@quietproof/verify';
import { doubt, settle } from './doubts.ts';
import type { KnownModel } from './known-models.ts';
import { alarm, messageOf, type WatchParts } from './parts.ts';
import type { WatchOptions } from './watch-types.ts';

/** Codes of statements whose key is trusted no longer. */
const RETIRED = new Set(['QP7220', 'QP7221']);

/**
 * Asks again whether those whom the user trusts vouch for the models. What they said once may count no longer.
 *
 * @returns the trust file, undefined if none was given or it cannot be read
 * @throws what the store throws
 */
export async function checkTrust(
  parts: WatchParts,
  read: WatchOptions['trust'],
): Promise<CheckedTrust | undefined> {
  if (read === undefined) return undefined;
  const vouched = await readTrust(parts, read);
  if ('failure' in vouched) {
    const { since } = await doubt(parts, 'trust');
    const { message, cause } = vouched.failure;
    const detail = `The trust file or a statement: ${message}.`;
    const own = { subject: `file/${since}`, detail, since, ...(cause !== undefined && { cause }) };
    await parts.journal.write(alarm(parts, 'trust-gone', own));
    return undefined;
  }
  await settle(parts, 'trust', (since) => [`trust-gone/file/${since}`]);
  for (const [model, finding] of vouched.findings) await judge(parts, model, finding);
  return vouched.trust;
}

type ReadTrust =
  | { readonly trust: CheckedTrust; readonly findings: readonly (readonly [KnownModel, TrustFinding])[] }
  | { readonly failure: { readonly message: string; readonly cause: string | undefined } };

async function readTrust(
  { now, models }: WatchParts,
  read: NonNullable<WatchOptions['trust']>,
): Promise<ReadTrust> {
  try {
    const { file, statements = [] } = await read();
    const vouching = new Vouching(file, statements, timeOf(new Date(now() * 1000)));
    const findings = [...models.values()].map(
      (model) => [model, vouchedFor(model.record, vouching)] as const,
    );
    return { trust: parseTrust(file), findings };
  } catch (error) {
    const cause = error instanceof Refusal ? error.code : undefined;
    return { failure: { message: messageOf(error), cause } };
  }
}

async function judge(
  parts: WatchParts,
  { id: model }: KnownModel,
  { rules, statements }: TrustFinding,
): Promise<void> {
  const unmet = rules.filter(({ met }) => !met);
  const retiring = statements.find(({ counts, retires }) => counts && retires === true);
  const what = `trust/${model}`;
  if (unmet.length === 0 && retiring === undefined) {
    await settle(parts, what, (since) =>
      ['key-retired', 'trust-gone'].map((kind) => `${kind}/${model}-${since}`),
    );
    return;
  }
  const { since } = await doubt(parts, what);
  const retired = statements.find(({ code }) => code !== undefined && RETIRED.has(code));
  const kind = unmet.length > 0 && retired !== undefined ? 'key-retired' : 'trust-gone';
  const cause = retired?.code ?? (retiring === undefined ? 'QP7224' : 'QP7225');
  const detail = [
    ...unmet.map(
      ({ what: rule, least, found }) => `Of ${rule}, ${least} are asked for, and ${found.length} count.`,
    ),
    ...(retiring === undefined ? [] : [`${retiring.party ?? 'The producer'} has retired model ${model}.`]),
    ...statements.filter(({ counts }) => !counts).map(sentence),
  ].join(' ');
  await parts.journal.write(
    alarm(parts, kind, { subject: `${model}-${since}`, detail, cause, model, since }),
  );
}

function sentence({ name, why = 'it does not count' }: StatementFinding): string {
  return `${name}: ${why}.`;
}

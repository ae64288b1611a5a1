import { type CheckedTrust, Refusal } from '@quietproof/verify';
import { type LogTrust, noteKeyText, readNoteKey } from '@quietproof/verify/log';
import type { LogRecord } from '../store/watch-store.ts';
import type { Upstream } from '../upstream.ts';

const MOST_BYTES = 1 << 20;

/** What an endpoint says about its log: the provider's word. @throws Unreached; undefined if it says nothing that can be read */
export async function logNamedBy(upstream: Upstream): Promise<LogRecord | undefined> {
  const { status, bytes } = await upstream.ask('/.well-known/quietproof', { most: MOST_BYTES });
  if (status !== 200) return undefined;
  try {
    const { log } = JSON.parse(new TextDecoder().decode(bytes));
    const [origin, key] = [String(log.origin), readNoteKey(String(log.key))];
    return key.kind === 'note' ? { kind: 'log', origin, keys: [noteKeyText(key)] } : undefined;
  } catch {
    return undefined;
  }
}

/** The named log with the keys that the endpoint named. */
export function asNamed({ origin, keys }: LogRecord): LogTrust {
  return { origin, keys: keys.map(readNoteKey), witnesses: { least: 0, of: [] } };
}

/**
 * The log as the user's trust file has it; undefined if that names no logs at all.
 *
 * @throws Refusal QP7711 if it names others
 */
export function asTrusted(trust: CheckedTrust, origin: string): LogTrust | undefined {
  const found = trust.logs.get(origin);
  if (found === undefined && trust.logs.size > 0) throw new Refusal('QP7711', { where: origin });
  return found;
}

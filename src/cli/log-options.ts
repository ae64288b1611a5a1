import type { CheckedTrust } from '@quietproof/verify';
import type { LogTrust } from '@quietproof/verify/log';
import { QuietproofError } from '../errors/quietproof-error.ts';

/** @throws Refusal QP7210 to QP7212; the error of the system */
export async function trustIn(file: string): Promise<CheckedTrust> {
  const [{ readNamed }, { parseTrust }] = await Promise.all([
    import('@quietproof/verify/command/read-source'),
    import('@quietproof/verify'),
  ]);
  return parseTrust(await readNamed(file));
}

/** The log that is meant: the only one of a trust file, or the one that is named. @throws QP1001; Refusal QP7711 */
export async function logIn(trust: CheckedTrust, origin: string | undefined): Promise<LogTrust> {
  const { trustOfLog } = await import('@quietproof/verify');
  const [only, ...more] = trust.logs.keys();
  if (origin === undefined && (only === undefined || more.length > 0)) {
    const what = only === undefined ? 'The trust file names no log' : 'The trust file names several logs';
    throw new QuietproofError('QP1001', { what, fix: 'Say which one with --origin, as its "logs" name it' });
  }
  return trustOfLog(trust, origin ?? only!);
}

/** A time in seconds since 1970; now, if none is given. @throws QP1001 */
export async function secondsAt(at: string | undefined): Promise<number> {
  if (at === undefined) return Math.floor(Date.now() / 1000);
  const { isTime } = await import('@quietproof/verify');
  if (isTime(at)) return Date.parse(at) / 1000;
  throw new QuietproofError('QP1001', { what: `--at takes a time like 2026-11-27T19:24:19Z, not "${at}"` });
}

import { QuietproofError } from '../../errors/quietproof-error.ts';

/** What pg-boss 12 asks for. Everything else here runs on older versions too. */
const LEAST_NODE = [22, 12] as const;

/** The driver and the queue, which only a fleet needs: loaded when a database is named. */
export interface FleetPackages {
  readonly Pool: typeof import('pg').Pool;
  readonly PgBoss: typeof import('pg-boss').PgBoss;
}

/** @throws QP6570; QP6580 where one of them is not installed */
export async function loadPackages(version = process.versions.node): Promise<FleetPackages> {
  requireNode(version);
  try {
    const [{ default: pg }, { PgBoss }] = await Promise.all([import('pg'), import('pg-boss')]);
    return { Pool: pg.Pool, PgBoss };
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND';
    if (!isMissing) throw cause;
    throw new QuietproofError('QP6580', {
      what: 'The packages pg and pg-boss, which work on a database needs, are not installed',
      fix: 'Run `npm install pg pg-boss@12` beside quietproof',
      cause,
    });
  }
}

function requireNode(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return;
  throw new QuietproofError('QP6570', {
    what: `This is Node ${version}, and --database needs ${LEAST_NODE.join('.')} or later`,
    fix: 'Run the same command with a newer Node, e.g. `npx -p node@22 -p quietproof quietproof …`',
  });
}

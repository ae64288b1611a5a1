import { QuietproofError } from '../errors/quietproof-error.ts';

/** What only servers need, as src/server/package.json lists it. */
const PACKAGES = /^Cannot find (?:package|module) '(fastify|prom-client)\b/;

/**
 * Loads modules of `src/server`.
 *
 * @throws QP6580 where the packages that they need are not installed
 */
export async function loadServer<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const found = cause instanceof Error ? PACKAGES.exec(cause.message)?.[1] : undefined;
    if (found === undefined) throw cause;
    throw new QuietproofError('QP6580', {
      what: `The package ${found}, which servers need, is not installed`,
      fix: 'Run `npm install @quietproof/server` beside quietproof',
      cause,
    });
  }
}

import { QuietproofError } from '../../errors/quietproof-error.ts';
import { type DecodedModel, isStandardDomain, LEARNED_DOMAIN } from './decode-model.ts';

/**
 * Supported versions of an operator set. Each operator's own importer knows what changed within them; beyond the newest
 * one, an operator may have got another meaning.
 */
const STANDARD = {
  oldest: 8,
  newest: 24,
  name: 'operator set',
  advice: 'Export with opset_version=17',
} as const;
const LEARNED = {
  oldest: 1,
  newest: 5,
  name: `operator set of ${LEARNED_DOMAIN}`,
  advice: `Export with version 3 of ${LEARNED_DOMAIN}`,
} as const;

/**
 * Checks the versions of the operator sets that nodes are of. Whether each operator can be proved at all is checked
 * before, so that nobody converts a file in vain.
 *
 * @throws QuietproofError QP2104
 */
export function checkOperatorSets(model: DecodedModel, domains: ReadonlySet<string>, file: string): void {
  if ([...domains].some(isStandardDomain)) checkVersion(model.opset, STANDARD, file);
  if (domains.has(LEARNED_DOMAIN)) checkVersion(model.learnedOpset, LEARNED, file);
}

function checkVersion(version: number, set: typeof STANDARD | typeof LEARNED, file: string): void {
  if (version >= set.oldest && version <= set.newest) return;
  const supported = `versions ${set.oldest} to ${set.newest} are supported`;
  const what =
    version === 0
      ? `the file does not name its ${set.name}; ${supported}`
      : `${set.name} ${version}: ${supported}`;
  const fix = `${set.advice}, or convert the file with onnx.version_converter`;
  throw new QuietproofError('QP2104', { what, where: file, fix });
}

import { readdirSync } from 'node:fs';
import { ROOT } from './fenced-blocks.ts';

/** The documents for users, in the order in which a newcomer would follow them: each uses what those before it made. */
export const GUIDES = [
  'README.md',
  'docs/builder/README.md',
  'docs/builder/credit-model.md',
  'docs/builder/exporting-models.md',
  'docs/builder/what-can-be-proved.md',
  'docs/builder/data-and-cards.md',
  'docs/builder/quality.md',
  'docs/builder/commands.md',
  'docs/builder/library.md',
  'docs/builder/publishing.md',
  'docs/builder/native-prover.md',
  'docs/builder/costs.md',
  'docs/operator/README.md',
  'docs/operator/sealed-answers.md',
  'docs/operator/fleet.md',
  'docs/verifier/README.md',
  'docs/verifier/trust.md',
  'docs/verifier/on-chain.md',
  'docs/verifier/watch.md',
  'docs/auditor/README.md',
  'docs/auditor/threat-model.md',
  'docs/auditor/sealed-answers.md',
  'docs/auditor/archive.md',
  'docs/auditor/examiner.md',
  'docs/auditor/report.md',
  'docs/builder/keys.md',
  'docs/contributor/README.md',
  'docs/contributor/service.md',
  'docs/maintainer/README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
] as const;

export const OTHER_DOCUMENTS = [
  'src/README.md',
  'src/verify/README.md',
  'src/verify/python/README.md',
  'native/README.md',
  'models/README.md',
  'artifacts/README.md',
  'bench/README.md',
] as const;

/** All Markdown files under docs/. */
export function filesInDocs(): string[] {
  return readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file.replaceAll('\\', '/')}`);
}

import type { CeremonySetup } from '@quietproof/verify';
import { artifactState } from '../artifact/artifact-state.ts';
import { readSetupFile } from '../artifact/setup-file.ts';
import { QuietproofError } from '../errors/quietproof-error.ts';
import { commandLine } from '../text/command-line.ts';

/** @throws QuietproofError QP5031 unless the artifact has a ceremony key, QP5032 for a development key */
export async function requireCeremony(folder: string): Promise<CeremonySetup> {
  const setup = await readSetupFile(folder);
  if (setup === undefined) {
    const fix = `Run setup first: ${artifactState(folder, undefined).next}`;
    throw new QuietproofError('QP5031', { what: 'The artifact has no key yet', where: folder, fix });
  }
  if (setup.record.kind === 'ceremony') return setup.record;
  throw new QuietproofError('QP5032', {
    what: 'The artifact has a development key, which contributions cannot make safe',
    where: folder,
    fix: `Start from a phase-1 file: ${commandLine(['setup', folder, '--ptau', 'PTAU', '--force'])}`,
  });
}

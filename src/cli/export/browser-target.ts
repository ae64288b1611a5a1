import { expectPath } from '../paths/check-paths.ts';
import type { Shell } from '../shell.ts';
import type { ExportTarget, ExportWords } from './target.ts';

export const browserTarget: ExportTarget = {
  name: 'browser',
  makes: 'verify.html and the verifier as an ES module with types, for an artifact',
  example: 'quietproof export artifacts/digits-mlp --target browser --out site',
  write: async (shell, subject, words) => writePage(shell, subject, words),
};

async function writePage(shell: Shell, artifact: string, words: ExportWords): Promise<void> {
  await expectPath(artifact, 'artifact-or-proofs');
  const { writeBrowser } = await import('../../export/browser/write-browser.ts');
  const written = await writeBrowser(artifact, words.out, words);
  const { folder, files, modelId } = written;
  shell.result(written, () =>
    [
      shell.style.bold(`A page that checks proofs of model ${modelId.slice(0, 16)}… offline`),
      ...files.map((file) => `  ${folder}/${file}`),
      '→ open verify.html and drop a bundle or a receipt on it; publish the model id where your readers can find it',
    ].join('\n'),
  );
}

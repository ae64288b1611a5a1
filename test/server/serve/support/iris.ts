import { afterAll, beforeAll } from 'vitest';
import { type IrisArtifact, irisArtifact } from '../../../support/iris-artifact.ts';

let artifact: IrisArtifact;
beforeAll(async () => {
  artifact = await irisArtifact('digest');
});
afterAll(() => artifact.remove());

/** One artifact for all suites of a file: compiling it takes longer than most of them. */
export const iris = (): IrisArtifact => artifact;

import type { ArtifactState } from '../../artifact/artifact-state.ts';

/** The last lines of a command's text: another way on from where an artifact stands, then the command to run next. */
export function nextLines({ next, otherwise }: ArtifactState): string[] {
  const other = otherwise === undefined ? [] : [`  ${otherwise.purpose}: ${otherwise.command}`];
  return [...other, `→ ${next}`];
}

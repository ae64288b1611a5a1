import { QuietproofError } from '../errors/quietproof-error.ts';
import type { SetUpWithResult } from '../setup/ceremony-round/set-up-with.ts';
import { nextLines } from './render/next-lines.ts';
import type { Shell } from './shell.ts';

/** Words of `setup` that matter with contributor services. */
export interface SetupWithWords {
  readonly with: readonly string[];
  readonly blind?: boolean;
  readonly signRequests?: string;
  readonly ptau?: string;
  readonly beacon?: string;
  readonly iterations?: number;
  readonly name?: string;
  readonly force?: boolean;
}

/** `quietproof setup --with`: a ceremony with contributor services. */
export async function setupWith(shell: Shell, artifact: string, words: SetupWithWords): Promise<void> {
  const { with: urls, blind, signRequests: key, ptau, beacon, iterations, name, force } = words;
  if (key === undefined) {
    throw new QuietproofError('QP1001', {
      what: 'Contributors answer signed requests alone',
      fix: 'Add --sign-requests <pem>: your private key, from quietproof keygen, whose public half they know',
    });
  }
  const [{ setUpWith }, { parseBeacon }, { artifactState }] = await Promise.all([
    import('../setup/ceremony-round/set-up-with.ts'),
    import('../ceremony/beacon.ts'),
    import('../artifact/artifact-state.ts'),
  ]);
  let last = '';
  const onWait = (text: string) => {
    if (text !== last) shell.step(text);
    last = text;
  };
  const result = await setUpWith(artifact, {
    ...{ urls, key, onWait, signal: shell.interruptible() },
    onStep: (step) => shell.step(step),
    ...(ptau !== undefined && { ptau }),
    ...(blind && { blind }),
    ...(force && { force }),
    ...(beacon !== undefined && { beacon: parseBeacon(beacon, iterations) }),
    ...(beacon !== undefined && name !== undefined && { beaconName: name }),
  }).finally(() => shell.endSteps());
  const { steps, record, setup } = result;
  const { state, words: reached, next } = artifactState(artifact, record);
  const ids = setup?.model === undefined ? {} : { ids: setup.model.ids };
  shell.result({ artifact, state, next, setup: record, steps, ...ids, notes: setup?.notes ?? [] }, () =>
    [
      `${shell.style.green('✓')} ${shell.style.bold(`${artifact} ${reached}`)}`,
      ...stepLines(result),
      ...(setup?.model === undefined ? [] : [`  model id  ${setup.model.ids.modelId}`]),
      ...(setup?.notes ?? []).map((note) => `  ${shell.style.dim(note)}`),
      ...nextLines(artifactState(artifact, record)),
    ].join('\n'),
  );
}

/** Who contributed, and what a contribution needs to count. */
function stepLines({ steps }: SetUpWithResult): string[] {
  const lines = steps.map(({ index, name, url, checked, statement }) => {
    const seen = checked ? 'compared the circuit' : 'did not compare the circuit';
    return `  ${index}  ${name}, ${url}: ${seen}; ${statement}`;
  });
  if (steps.every(({ checked }) => checked)) return lines;
  return [
    ...lines,
    '  Keep ceremony/ in the artifact: a re-deriver needs it to confirm the others (rederive --states)',
  ];
}

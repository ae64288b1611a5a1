import { secondsOf } from './clock.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { DecidedRounds, type KnownAnswer } from './sealed-answers.ts';
import { isEntry } from './store/answer-store.ts';
import type { Lane } from './work-queue.ts';

/** Reads what is sealed, and gives the publisher what the log does not cover. */
export async function replay({
  store,
  answers,
  announcements,
  publisher,
}: EndpointParts): Promise<DecidedRounds> {
  const rounds = new DecidedRounds();
  const uncovered: { readonly index: number; readonly entry: string }[] = [];
  await store.replay((record) => {
    if (record.kind === 'announced') announcements.replay(record);
    else answers.replay(record, rounds);
    if (isEntry(record) && record.index >= publisher.covered) uncovered.push(record);
  });
  uncovered.sort((a, b) => a.index - b.index);
  for (const { entry } of uncovered) publisher.add(entry);
  return rounds;
}

/** Goes on with what is due and not proved, and waits for the rounds that have not decided. */
export async function resume(parts: EndpointParts, rounds: DecidedRounds, found: Set<string>): Promise<void> {
  const { answers, announcements, files, proving, draws, clock } = parts;
  for (const [hash, round] of rounds.latest) draws.saw(hash, round);
  const now = secondsOf(clock);
  const due: (KnownAnswer & { readonly lane: Lane; readonly since: number })[] = [];
  for (const answer of answers.all()) {
    answer.proved = found.delete(answer.id);
    answer.decided ||= rounds.has(answer);
    const policy = announcements.policyOf(answer);
    if (answer.proved || answer.time + policy.retention <= now) continue;
    const lane = answer.lane ?? (policy.prove === 'all' ? 'policy' : undefined);
    if (lane !== undefined) due.push(Object.assign(answer, { lane, since: answer.since ?? answer.time }));
    if (answer.round !== undefined && !answer.decided) draws.add(answer);
  }
  for (const answer of due.sort((a, b) => a.since - b.since)) proving.add(answer, answer.lane, answer.since);
  // Bundles of answers that were erased while they were proved.
  await files.remove([...found]);
}

import { secondsOf } from './clock.ts';
import type { EndpointParts } from './endpoint-parts.ts';
import { isOpen, type KnownAnswer, knownAnswer, Replay, setLane } from './sealed-answers.ts';
import { isEntry } from './store/answer-store.ts';

/** Files that are looked for at a time. */
const AT_ONCE = 64;

/** Reads what may be work, and gives the publisher what the log does not cover. */
export async function replay({ store, answers, announcements, publisher }: EndpointParts): Promise<Replay> {
  const found = new Replay(answers, (record) => announcements.policyOf(record));
  const uncovered: { readonly index: number; readonly entry: string }[] = [];
  await store.replay((record, position) => {
    if (record.kind === 'announced') announcements.replay(record);
    else if (record.kind === 'sealed') found.sealed(record, position);
    else found.mark(record, position);
    if (isEntry(record) && record.index >= publisher.covered) {
      uncovered.push({ index: record.index, entry: record.entry });
    }
  });
  uncovered.sort((a, b) => a.index - b.index);
  for (const { entry } of uncovered) publisher.add(entry);
  return found;
}

/** Goes on with what is due and not proved, and waits for the rounds that have not decided. */
export async function resume(parts: EndpointParts, { rounds, marked }: Replay): Promise<void> {
  const { answers, announcements, files, store, proving, draws, settling, clock } = parts;
  for (const [hash, round] of rounds.latest) draws.saw(hash, round);
  for (const { index, position, lane, since } of marked) {
    const record = await store.read(index);
    // Marks may outlive the answers that they are about.
    if (record === undefined) continue;
    const answer = answers.keep(knownAnswer(record, position));
    // If a round was to decide about it, that was settled before.
    answer.decided = true;
    setLane(answer, lane, since);
  }
  const all = [...answers.all()];
  for (let at = 0; at < all.length; at += AT_ONCE) {
    await Promise.all(
      all.slice(at, at + AT_ONCE).map(async (answer) => {
        answer.proved = await files.has(answer.id);
        answer.decided ||= rounds.has(answer);
      }),
    );
  }
  const now = secondsOf(clock);
  const isOver = (answer: KnownAnswer) => answer.time + announcements.policyOf(answer).retention <= now;
  const due: KnownAnswer[] = [];
  for (const answer of all) {
    if (isOver(answer)) answers.forget(answer);
    else if (!isOpen(answer)) settling.noticed(answer);
    else {
      if (answer.lane !== undefined && !answer.proved) due.push(answer);
      if (!answer.decided) draws.add(answer);
    }
  }
  for (const answer of due.sort((a, b) => a.since! - b.since!)) proving.add(answer);
}

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { EVENTS, type EventType } from '../../webhooks/message.ts';
import { Received } from '../../webhooks/received.ts';
import type { Sql } from '../database.ts';
import { addReceiver, type NewNotice, owe, rememberLate } from '../notice-rows.ts';

/** Receivers of webhooks by name, each with what it has confirmed. */
export type Receivers = ReadonlyMap<string, Received>;

/** An answer that may be told about. */
export interface ToldAnswer {
  readonly index: number;
  readonly receiptId: string;
  readonly time: number;
  readonly proved: boolean;
  /** Something was to be done about it when the endpoint was closed: about others, everything is told. */
  readonly open: boolean;
}

const NAME = /^[0-9a-f]{16}$/;

/** @param folder of an endpoint's webhooks, which it may not have. @throws system errors */
export async function readReceivers(folder: string): Promise<Receivers> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  const all = new Map<string, Received>();
  for (const name of names.filter((own) => NAME.test(own))) {
    all.set(name, await Received.read(path.join(folder, name), 0));
  }
  return all;
}

/** @throws QP6571 */
export async function moveReceivers(sql: Sql, receivers: Receivers): Promise<void> {
  for (const [name, { since }] of receivers) await addReceiver(sql, name, since);
}

/** Owes what an endpoint would owe when it is opened again. @returns how many notices. @throws QP6571 */
export async function moveNotices(
  sql: Sql,
  receivers: Receivers,
  answers: readonly ToldAnswer[],
): Promise<number> {
  const owed: NewNotice[] = [];
  const late: number[] = [];
  for (const answer of answers.filter(({ open }) => open)) {
    const told = (type: EventType) => [...receivers.values()].some((own) => own.has({ ...answer, type }));
    const [ready, isLate] = EVENTS;
    // What was told to one of them is due to the others, and is not found out again.
    const wasLate = told(isLate);
    if (wasLate) late.push(answer.index);
    const types = [...(answer.proved ? [ready] : []), ...(wasLate && !answer.proved ? [isLate] : [])];
    for (const type of types) {
      for (const [receiver, received] of receivers) {
        if (answer.time < received.since || received.has({ ...answer, type })) continue;
        owed.push({ receiver, type, index: answer.index });
      }
    }
  }
  await owe(sql, owed);
  await rememberLate(sql, late);
  return owed.length;
}

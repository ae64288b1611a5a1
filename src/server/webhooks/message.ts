import type { AnswerState } from '../serve/endpoint.ts';

/** What happens to proofs: there is one, or there is none at the time by which there had to be one. */
export const EVENTS = ['proof.ready', 'proof.late'] as const;

export type EventType = (typeof EVENTS)[number];

/** A notice about an answer, to be sent until it was received. */
export interface Notice {
  readonly type: EventType;
  readonly receiptId: string;
  /** Of the answer, as `AnswerState` has it. */
  readonly position: number;
}

/** Names a notice, the same whenever it is sent: receivers know by it what they have seen. */
export function noticeId({ type, receiptId }: Omit<Notice, 'position'>): string {
  return `${type.replace('.', '-')}_${receiptId}`;
}

/**
 * The payload: ids, times and links below the endpoint's address, nothing about inputs and outputs.
 *
 * @param at milliseconds since 1970
 */
export function noticeText(type: EventType, origin: string, answer: AnswerState, at: number): string {
  const { receiptId, index, modelId, time, expires, due } = answer;
  return JSON.stringify({
    type,
    timestamp: new Date(at).toISOString(),
    data: {
      receiptId,
      origin,
      index,
      modelId,
      sealed: isoOf(time),
      expires: isoOf(expires),
      ...(due !== undefined && { due: isoOf(due) }),
      proof: `/v2/proofs/${receiptId}`,
      receipt: `/receipts/${receiptId}`,
    },
  });
}

function isoOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

import type { FolderLock } from '../../store/folder-lock.ts';
import type { Announcements } from './announcements.ts';
import type { Clock } from './clock.ts';
import type { Draws } from './draws.ts';
import type { EndpointEvent } from './endpoint.ts';
import type { LogPublisher } from './log-publisher.ts';
import type { OpenModels } from './open-models.ts';
import type { ProofFiles } from './proof-files.ts';
import type { Proving } from './proving.ts';
import type { RecordWriter } from './record-writer.ts';
import type { Retention } from './retention.ts';
import type { SealedAnswers } from './sealed-answers.ts';
import type { Sealer } from './sealer.ts';
import type { Settling } from './settling.ts';
import type { AnswerStore } from './store/answer-store.ts';

/** What an endpoint is made of. */
export interface EndpointParts {
  readonly origin: string;
  readonly logFolder: string;
  readonly store: AnswerStore;
  readonly writer: RecordWriter;
  readonly sealer: Sealer;
  readonly answers: SealedAnswers;
  readonly announcements: Announcements;
  readonly models: OpenModels;
  readonly publisher: LogPublisher;
  readonly proving: Proving;
  readonly draws: Draws;
  readonly retention: Retention;
  readonly settling: Settling;
  readonly files: ProofFiles;
  readonly lock: FolderLock;
  readonly clock: Clock;
  readonly longestWait: number;
  readonly grace: number;
  readonly onEvent: (event: EndpointEvent) => void;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Endpoint, EndpointMetrics, FleetMetrics, QueueMetrics } from '../../serve/endpoint.ts';
import type { ReceiverState } from '../../webhooks/addresses.ts';

/** Services that sign trees of the log: prefix and label of their metrics. */
const SERVICES = {
  witnesses: ['witness', 'cosigned'],
  authorities: ['timestamp_authority', 'timestamped'],
} as const satisfies Partial<Record<keyof EndpointMetrics, readonly [string, string]>>;

/** By name without the prefix: what it means, and whether it only grows. docs/operator describes them. */
const METRICS: {
  readonly [K in Exclude<keyof EndpointMetrics, keyof typeof SERVICES | 'fleet'>]: readonly [
    name: string,
    help: string,
    grows: boolean,
  ];
} = {
  answers: ['answers_total', 'Answers sealed and given', true],
  refused: ['answers_refused_total', 'Answers refused because proofs were too far behind', true],
  groups: ['seal_groups_total', 'Groups of answers made durable together', true],
  proved: ['proofs_total', 'Answers proved', true],
  failedProofs: ['proofs_failed_total', 'Attempts to prove that failed and are repeated', true],
  waiting: ['waiting', 'Answers waiting for a proof', false],
  oldestWaiting: ['oldest_waiting_seconds', 'Since the oldest waiting answer was due', false],
  proofSeconds: ['proof_seconds_total', 'Seconds of proving, each measured in its thread', true],
  logEntries: ['log_entries', 'Entries of the log', false],
  publishedEntries: ['log_published_entries', 'Entries that the checkpoint covers', false],
  clockBehind: ['clock_behind_seconds', 'By which the clock is behind the last entry', false],
};

const RECEIVER_METRICS: {
  readonly [K in keyof ReceiverState]: readonly [name: string, help: string, grows: boolean];
} = {
  waiting: ['webhook_waiting', 'Notices that a receiver has not confirmed', false],
  delivered: ['webhook_delivered_total', 'Notices that a receiver has confirmed', true],
  failed: ['webhook_failed_total', 'Attempts to deliver that failed and are repeated', true],
};

export interface MetricsOptions {
  readonly endpoint: Endpoint;
  /** Refuses those who may not ask. */
  readonly admit: (request: FastifyRequest) => void;
  readonly receivers?: () => readonly ReceiverState[];
}

const QUEUE_METRICS: {
  readonly [K in Exclude<keyof QueueMetrics, 'name' | 'version'>]: readonly [name: string, help: string];
} = {
  waiting: ['queue_waiting', 'Answers of a model that wait for a proof, on all machines'],
  oldest: ['queue_oldest_seconds', 'Since the oldest of them was due'],
  dead: ['queue_dead', 'Answers of a model whose proof was given up'],
};

/** Where several machines prove. */
function addFleetMetrics(registry: Registry, fleet: () => FleetMetrics): void {
  for (const [key, [name, help]] of Object.entries(QUEUE_METRICS)) {
    const labelNames = ['model', 'version'];
    addMetric(registry, { name, help, grows: false, labelNames }, () =>
      fleet().queues.map((own) => ({
        value: own[key as keyof typeof QUEUE_METRICS],
        labels: { model: own.name, version: own.version },
      })),
    );
  }
  for (const [key, help] of [
    ['workers', 'Workers that showed a sign of life in the last minute'],
    ['threads', 'Threads that prove in them'],
  ] as const) {
    const name = key === 'workers' ? 'workers' : 'worker_threads';
    addMetric(registry, { name, help, grows: false }, () => [{ value: fleet()[key], labels: {} }]);
  }
}

/** Metrics for Prometheus, for those who may ask. */
export function addMetrics(app: FastifyInstance, { endpoint, admit, receivers }: MetricsOptions): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const [key, [name, help, grows]] of Object.entries(METRICS)) {
    const value = () => endpoint.metrics[key as keyof typeof METRICS];
    addMetric(registry, { name, help, grows }, () => [{ value: value(), labels: {} }]);
  }
  for (const [key, [name, help, grows]] of Object.entries(RECEIVER_METRICS)) {
    if (receivers === undefined) break;
    // By number: an address may hold a secret.
    addMetric(registry, { name, help, grows, labelNames: ['receiver'] }, () =>
      receivers().map((own, i) => ({
        value: own[key as keyof ReceiverState],
        labels: { receiver: String(i) },
      })),
    );
  }
  for (const [key, [service, done]] of Object.entries(SERVICES)) {
    const all = () => endpoint.metrics[key as keyof typeof SERVICES];
    const entries = `Entries of the largest tree that it has ${done}`;
    const labelNames = [service];
    addMetric(registry, { name: `${service}_entries`, help: entries, grows: false, labelNames }, () =>
      all().map((own) => ({ value: own.entries, labels: { [service]: own.name } })),
    );
    const failures = 'Questions that it did not answer as it should; they are repeated';
    const failed = `${service}_failures_total`;
    addMetric(registry, { name: failed, help: failures, grows: true, labelNames }, () =>
      all().map((own) => ({ value: own.failures, labels: { [service]: own.name } })),
    );
  }
  const { fleet } = endpoint.metrics;
  if (fleet !== undefined) addFleetMetrics(registry, () => endpoint.metrics.fleet ?? fleet);
  app.get('/metrics', async (request, reply) => {
    admit(request);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

interface MetricSpec {
  readonly name: string;
  readonly help: string;
  readonly grows: boolean;
  readonly labelNames?: readonly string[];
}

interface Sample {
  readonly value: number;
  readonly labels: Record<string, string>;
}

/** A metric that is read when it is asked for. */
function addMetric(
  registry: Registry,
  { name, help, grows, labelNames = [] }: MetricSpec,
  read: () => readonly Sample[],
): void {
  const common = { name: `quietproof_${name}`, help, labelNames: [...labelNames], registers: [registry] };
  if (grows) {
    new Counter({
      ...common,
      collect() {
        this.reset();
        for (const { value, labels } of read()) this.inc(labels, value);
      },
    });
  } else {
    new Gauge({
      ...common,
      collect() {
        for (const { value, labels } of read()) this.set(labels, value);
      },
    });
  }
}

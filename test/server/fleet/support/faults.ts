import type { Database } from '#dist/server/fleet/database.js';
import type { Site } from '../../serve/support/open.ts';
import { cluster, connect } from './fleet-kind.ts';
import type { Processes } from './processes.ts';

/** A fixed sequence that looks random, from 0 to below 1. */
export const random = (() => {
  let state = 20_261_128;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
})();

const placeIn = (all: readonly unknown[]) => Math.floor(random() * all.length);
const pause = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000));

/** Longer than a transaction may be idle and the lease of the log lasts, in seconds. */
const SERVER_PAUSE = 12;
/** Longer than the lease of a job and what another process needs to notice. */
const WORKER_PAUSE = 45;
const HOUR = 3600;
/** Of a worker with one thread, at most. */
const JOBS = 2;
const LOOKS = 500;

type Fault = (fleet: Processes, site: Site) => Promise<void>;

/** What can happen to a fleet. */
export const FAULTS = {
  async database() {
    cluster().kill();
    cluster().begin();
  },
  async server(fleet) {
    const [victim] = fleet.servers.splice(placeIn(fleet.servers), 1);
    victim!.child.kill('SIGKILL');
    await fleet.serve();
  },
  async worker(fleet) {
    const [victim] = fleet.workers.splice(placeIn(fleet.workers), 1);
    victim!.kill('SIGKILL');
    await fleet.work();
  },
  async connections(_, site) {
    await asked(site, (database) =>
      database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      ),
    );
  },
  async pausedServer(fleet) {
    const { child } = fleet.servers[placeIn(fleet.servers)]!;
    child.kill('SIGSTOP');
    await pause(SERVER_PAUSE);
    child.kill('SIGCONT');
  },
  /** All but one, while they are at work: what they had is proved by the other, and then they wake up. */
  async pausedWorker(fleet, site) {
    const paused = fleet.workers.slice(1);
    await atWork(fleet, site, fleet.workers.length * JOBS);
    for (const child of paused) child.kill('SIGSTOP');
    await pause(WORKER_PAUSE);
    for (const child of paused) child.kill('SIGCONT');
  },
  /** Of a server: an hour ahead, then right again, then an hour back. */
  async serverClock(fleet) {
    fleet.servers[placeIn(fleet.servers)]!.child.kill('SIGUSR2');
  },
  /** Of the database, as leases see it: an hour ahead, so that all of them have ended, or back by a little. */
  async databaseClock(_, site) {
    await advance(site, random() < 0.5 ? HOUR : -5);
  },
} as const satisfies Readonly<Record<string, Fault>>;

export type FaultName = keyof typeof FAULTS;

/** Waits until workers have so many jobs, which are not all of one worker. A fleet that cannot is struck as it is. */
export async function atWork(fleet: Processes, site: Site, jobs = 1): Promise<void> {
  fleet.rushed = true;
  try {
    await asked(site, async (database) => {
      for (let looks = 0; looks < LOOKS && (await activeJobs(database)) < jobs; looks += 1) await pause(0.02);
    });
  } finally {
    fleet.rushed = false;
  }
}

/** Moves the times of all leases, as if the database's clock had gone on by so many seconds. */
async function advance(site: Site, seconds: number): Promise<void> {
  const earlier = '- make_interval(secs => $1)';
  await asked(site, async (database) => {
    await database.query(`update quietproof.log set publisher_until = publisher_until ${earlier}`, [seconds]);
    await database.query(
      `update quietproof_queue.job set heartbeat_on = heartbeat_on ${earlier} where state = 'active'`,
      [seconds],
    );
  });
}

/** Ends all leases, so that nobody waits for what is gone. */
export const endLeases = (site: Site): Promise<void> => advance(site, HOUR);

async function asked(site: Site, ask: (database: Database) => Promise<unknown>): Promise<void> {
  const database = await connect(site);
  try {
    await ask(database);
  } finally {
    await database.close();
  }
}

async function activeJobs(database: Database): Promise<number> {
  const { rows } = await database.query<{ count: string }>(
    `select count(*) from quietproof_queue.job where state = 'active'`,
  );
  return Number(rows[0]!.count);
}

/** Whose proofs come first. */
export const LANES = ['asked', 'drawn', 'policy'] as const;

export type Lane = (typeof LANES)[number];

/** Something to prove. */
export interface Work {
  readonly id: string;
}

interface Ticket<W> {
  readonly work: W;
  readonly lane: Lane;
  /** Ascends in a lane. */
  readonly number: number;
}

/** What waits for a proof: by lane, and in a lane in the order in which it came. */
export class WorkQueue<W extends Work> {
  readonly #tickets = new Map<string, Ticket<W>>();
  readonly #lanes: Readonly<Record<Lane, Fifo<Ticket<W>>>> = {
    asked: new Fifo(),
    drawn: new Fifo(),
    policy: new Fifo(),
  };
  readonly #counts: Record<Lane, number> = { asked: 0, drawn: 0, policy: 0 };
  #number = 0;

  get size(): number {
    return this.#tickets.size;
  }

  has(id: string): boolean {
    return this.#tickets.has(id);
  }

  /** Adds work, or moves it to a lane that comes earlier. */
  add(work: W, lane: Lane): void {
    const found = this.#tickets.get(work.id);
    if (found !== undefined && LANES.indexOf(found.lane) <= LANES.indexOf(lane)) return;
    this.remove(work.id);
    this.#number += 1;
    const ticket = { work, lane, number: this.#number };
    this.#tickets.set(work.id, ticket);
    this.#counts[lane] += 1;
    this.#lanes[lane].push(ticket);
  }

  remove(id: string): void {
    const found = this.#tickets.get(id);
    if (found === undefined) return;
    this.#tickets.delete(id);
    this.#counts[found.lane] -= 1;
  }

  take(): W | undefined {
    for (const lane of LANES) {
      const first = this.#firstOf(lane);
      if (first === undefined) continue;
      this.#lanes[lane].shift();
      this.remove(first.work.id);
      return first.work;
    }
    return undefined;
  }

  /** How much comes before, at most: what was moved to another lane since is counted too. */
  before(id: string): number {
    const found = this.#tickets.get(id);
    if (found === undefined) return 0;
    let count = 0;
    for (const lane of LANES) {
      if (lane === found.lane) break;
      count += this.#counts[lane];
    }
    const first = this.#firstOf(found.lane) ?? found;
    return count + Math.min(found.number - first.number, this.#counts[found.lane] - 1);
  }

  /** Tickets stay in their lane when work is removed, and are skipped here. */
  #firstOf(lane: Lane): Ticket<W> | undefined {
    const queue = this.#lanes[lane];
    for (;;) {
      const first = queue.first;
      if (first === undefined || this.#tickets.get(first.work.id) === first) return first;
      queue.shift();
    }
  }
}

/** Taking from the front of an array moves all others; this one moves them once in a while. */
class Fifo<T> {
  #items: T[] = [];
  #head = 0;

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): void {
    this.#head += 1;
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

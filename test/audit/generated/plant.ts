import { readFileSync } from 'node:fs';
import path from 'node:path';
import { bn254 } from '@noble/curves/bn254.js';
import { fileJson, type ProofJson, StatementMaker, type ThinBundleV2 } from '@quietproof/verify';
import { g1Json, g2Json } from '../../verify/support/points.ts';
import type { FindingRow } from '../corpus/make/expected.ts';
import { type Answer, CORPUS, contextOf, materialOf } from '../corpus/make/material.ts';
import type { Planted, PlantedRecord } from './oracle.ts';

/** Answers in the batch, by the places for which they were made. */
const BATCH = [21, 22, 23, 24, 25, 26, 27, 28];
/** Answers in the log. */
const LOGGED = [1, 2, 3, 4, 5, 6];
const { record: model, answers, text: modelText } = materialOf('first');

const inFolder = (name: string) => readFileSync(new URL(`folders/${name}`, CORPUS), 'utf8');
const inBytes = (name: string) => readFileSync(new URL(`folders/${name}`, CORPUS));
const answerOf = (place: number): Answer => answers.find((one) => one.place === place)!;

/** Numbers that follow from a seed. */
class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Below `end`. */
  next(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  one<T>(from: readonly T[]): T {
    return from[this.next(from.length)]!;
  }
}

interface Item extends PlantedRecord {
  readonly bundle: ThinBundleV2;
}

const openingOf = (file: string) =>
  path.posix.join(
    path.posix.dirname(file),
    'private',
    path.posix.basename(file).replace('.proof.', '.opening.'),
  );

/** A folder with a log, its records and a batch, and the faults that were planted in it. */
export class Scene {
  readonly #draws: Draws;
  readonly #items = new Map<string, Item>();
  /** Files that are written as they are. */
  readonly files: Record<string, string | Uint8Array> = {
    'batch/model.json': modelText,
    'answers/model.json': modelText,
    'copies/model.json': modelText,
  };
  readonly pipes: string[] = [];
  readonly links: Record<string, string> = {};
  readonly #list: (readonly [string, number])[] = [];
  readonly #further: FindingRow[] = [];
  readonly #notFiles: string[] = [];
  /** What was planted, for people. */
  readonly story: string[] = [];
  #copies = 0;

  constructor(seed: number) {
    this.#draws = new Draws(seed);
    for (const name of ['checkpoint', 'tile/0/000.p/7', 'tile/entries/000.p/7']) {
      this.files[`log/${name}`] = inBytes(`clean-month/handed-in/log/${name}`);
    }
    for (const place of LOGGED) {
      const file = `answers/order-${1000 + place}.proof.json`;
      this.#put(
        file,
        { answer: place, statement: `${place}`, isSealed: true },
        JSON.parse(inFolder(`clean-month/handed-in/${file}`)),
      );
    }
    for (const [index, place] of BATCH.entries()) {
      const file = `batch/${String(index).padStart(6, '0')}.proof.json`;
      const bundle = { ...answerOf(place).bundle, row: { index } };
      this.#put(file, { answer: place, statement: `${place}`, isSealed: false, claims: index }, bundle);
    }
    for (const { path: file, answer } of this.#items.values()) this.#list.push([file, answer]);
    const count = 1 + this.#draws.next(6);
    for (let at = 0; at < count; at += 1) this.#draws.one(FAULTS)(this);
    this.#write();
  }

  get list(): string {
    return `path,context\n${this.#list.map(([file, order]) => `${file},${contextOf(order)}\n`).join('')}`;
  }

  get planted(): Planted {
    const notFiles: FindingRow[] =
      this.#notFiles.length === 0 ? [] : [['not-a-file', this.#notFiles.sort(), { codes: ['QP7013'] }]];
    const further = [...this.#further, ...notFiles];
    return { records: [...this.#items.values()], list: this.#list, logged: LOGGED, further };
  }

  #put(file: string, facts: Omit<PlantedRecord, 'path' | 'opening'>, bundle: ThinBundleV2): void {
    this.#items.set(file, { ...facts, path: file, opening: 'right', bundle });
    this.files[openingOf(file)] = fileJson(answerOf(facts.answer).opening);
  }

  /** A record that nothing was done to yet, by what is true of it and what stands in it. */
  #drawn(): Item | undefined {
    const untouched = [...this.#items.values()].filter(
      ({ wrong, opening, answer, path: file }) =>
        wrong === undefined &&
        opening === 'right' &&
        this.#list.some(([one, order]) => one === file && order === answer),
    );
    return untouched.length < 3 ? undefined : this.#draws.one(untouched);
  }

  #change(item: Item, change: Partial<Item>): void {
    this.#items.set(item.path, { ...item, ...change });
    this.story.push(`${item.path}: ${Object.keys(change).join(', ')} ${change.wrong?.kind ?? ''}`);
  }

  /** Files of records whose text is not that of their bundle. */
  #write(): void {
    for (const { path: file, bundle, wrong } of this.#items.values()) {
      if (wrong?.kind === 'not-a-file') continue;
      const text = fileJson(bundle);
      this.files[file] =
        wrong?.kind === 'damaged-file' ? text.slice(0, 1 + this.#draws.next(text.length - 2)) : text;
    }
  }

  remove(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    this.#items.delete(item.path);
    this.story.push(`${item.path} removed`);
  }

  cutOff(): void {
    const item = this.#drawn();
    if (item !== undefined)
      this.#change(item, { wrong: { kind: 'damaged-file', code: 'QP7001', isRead: false } });
  }

  swapProof(): void {
    const [item, other] = [this.#drawn(), this.#drawn()];
    if (item === undefined || other === undefined || item.path === other.path) return;
    const { proof } = answerOf(other.answer).bundle;
    this.#change(item, { bundle: { ...item.bundle, proof }, wrong: PROOF_FAILS });
  }

  otherAnswer(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    const [label, ...others] = item.bundle.publicSignals;
    const publicSignals = [label === '0' ? '1' : '0', ...others];
    const { sidecars: _, ...bundle } = item.bundle;
    const changed = { ...bundle, publicSignals, statement: this.#stated(item, publicSignals) };
    this.#change(item, { bundle: changed, wrong: PROOF_FAILS });
  }

  rename(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    const other = { ...model, interface: { ...model.interface, name: 'another' } };
    const wrong = { kind: 'record-contradicts-itself', code: 'QP7104', isRead: true } as const;
    this.#change(item, { bundle: { ...item.bundle, model: other } as ThinBundleV2, wrong });
  }

  wrongOpening(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    const other = this.#draws.one(BATCH.filter((place) => place !== item.answer));
    this.files[openingOf(item.path)] = fileJson(answerOf(other).opening);
    this.#change(item, { opening: 'wrong' });
  }

  copy(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    const isMixed = this.#draws.next(2) === 0;
    const bundle = isMixed ? { ...item.bundle, proof: this.#mixed(item.bundle.proof) } : item.bundle;
    this.#add(item, { bundle }, isMixed ? 'copied, with another proof of the same' : 'copied');
  }

  reseal(): void {
    const item = this.#drawn();
    if (item === undefined) return;
    const { sidecars: _, ...bundle } = item.bundle;
    const statement = this.#stated(item, item.bundle.publicSignals);
    const changes = {
      isSealed: false,
      statement: `resealed ${this.#copies}`,
      bundle: { ...bundle, statement },
    };
    this.#add(item, changes, 'resealed');
  }

  /** Puts the record of another order in the place of one. */
  replay(): void {
    const [item, other] = [this.#drawn(), this.#drawn()];
    if (item === undefined || other === undefined || item.path === other.path) return;
    const { answer, statement, isSealed, claims, bundle } = other;
    this.#items.set(item.path, {
      ...{ path: item.path, answer, statement, isSealed, bundle, opening: 'wrong' },
      ...(claims !== undefined && { claims }),
    });
    this.story.push(`${item.path} is ${other.path}`);
  }

  pipeOrLink(): void {
    const name = this.#draws.one(['circle', 'pipe', 'copies/x.proof.json', 'batch/000008.proof.json']);
    if (this.#notFiles.includes(name)) return;
    this.#notFiles.push(name);
    if (name === 'circle') this.links[name] = '.';
    else this.pipes.push(name);
    this.story.push(`${name} is no file`);
    const wrong = { kind: 'not-a-file', code: 'QP7013', isRead: false } as const;
    const facts = { path: name, answer: -1, statement: name, isSealed: false, wrong };
    if (name.endsWith('.proof.json')) this.#items.set(name, { ...facts, bundle: answerOf(1).bundle });
  }

  /** A checkpoint of another history. */
  fork(): void {
    if ('seen/checkpoint' in this.files) return;
    this.files['seen/checkpoint'] = inFolder('forked-log/handed-in/seen/checkpoint');
    this.#further.push(['log-forked', ['seen/checkpoint']]);
    this.story.push('fork');
  }

  /** A record of an entry that the log, as it was handed in, has not. */
  gap(): void {
    const file = 'answers/order-1007.proof.json';
    if (this.#items.has(file)) return;
    const bundle = JSON.parse(inFolder(`gap-in-a-log/handed-in/${file}`));
    this.#items.set(file, { path: file, answer: 7, statement: '7', isSealed: true, bundle });
    this.#further.push(['log-entries-missing', [file]]);
    this.story.push('gap');
  }

  archive(): void {
    if ('copies/more.zip' in this.files) return;
    this.files['copies/more.zip'] = 'whatever';
    this.#further.push(['archive-not-opened', ['copies/more.zip'], { codes: ['QP7013'] }]);
    this.story.push('archive');
  }

  #add(item: Item, changes: Partial<Item>, what: string): void {
    const file = `copies/copy-${this.#copies}.proof.json`;
    this.#copies += 1;
    const { opening: _, ...facts } = { ...item, ...changes };
    this.#items.set(file, { ...facts, path: file });
    this.story.push(`${file}: ${item.path} ${what}`);
  }

  #stated({ bundle }: Item, publicSignals: readonly string[]) {
    const payload = JSON.parse(Buffer.from(bundle.statement.payload, 'base64').toString());
    const { contextId } = payload.predicate;
    const salt = Array.from({ length: 64 }, () => this.#draws.next(16).toString(16)).join('');
    return new StatementMaker(model).seal(publicSignals, { salt, contextId }).envelope;
  }

  /** Another proof of the same signals, which anybody can make from one: A times r, and B by r. */
  #mixed({ pi_a, pi_b, pi_c }: ProofJson): ProofJson {
    const { Fr } = bn254.fields;
    const r = BigInt(2 + this.#draws.next(1 << 20));
    const [[x0, x1], [y0, y1]] = pi_b.map((pair) => pair.map(BigInt)) as [[bigint, bigint], [bigint, bigint]];
    const a = bn254.G1.Point.fromAffine({ x: BigInt(pi_a[0]), y: BigInt(pi_a[1]) });
    const b = bn254.G2.Point.fromAffine({ x: { c0: x0, c1: x1 }, y: { c0: y0, c1: y1 } });
    const made = { pi_a: g1Json(a.multiply(r)), pi_b: g2Json(b.multiply(Fr.inv(r))) };
    return { protocol: 'groth16', curve: 'bn128', ...made, pi_c };
  }
}

const PROOF_FAILS = { kind: 'proof-fails', code: 'QP7505', isRead: true } as const;

const FAULTS: readonly ((scene: Scene) => void)[] = [
  (scene) => scene.remove(),
  (scene) => scene.cutOff(),
  (scene) => scene.swapProof(),
  (scene) => scene.otherAnswer(),
  (scene) => scene.rename(),
  (scene) => scene.wrongOpening(),
  (scene) => scene.copy(),
  (scene) => scene.reseal(),
  (scene) => scene.replay(),
  (scene) => scene.pipeOrLink(),
  (scene) => scene.fork(),
  (scene) => scene.gap(),
  (scene) => scene.archive(),
];

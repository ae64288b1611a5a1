/** The public interface of `@quietproof/client`. */
export { ALARM_CODES, ALARM_TITLES, type AlarmCode, type AlarmKind } from './alarms/alarm-codes.ts';
export type { Alarm, Notice, NoticeKind } from './alarms/alarm-types.ts';
export { ALARM_WORDS, NOTICE_WORDS } from './alarms/alarm-words.ts';
export { LIMITS } from './limits.ts';
export { WATCH_REFUSALS, WatchError, type WatchRefusalCode } from './refusals.ts';
export { IndexedDbStore } from './store/indexed-db-store.ts';
export { MemoryStore } from './store/memory-store.ts';
export * from './store/watch-store.ts';
export { Unreached } from './upstream.ts';
export { Watch } from './watch/watch.ts';
export type * from './watch/watch-types.ts';

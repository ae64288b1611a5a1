/** The public face of `@quietproof/verify`. */
export type * from './bundle-types.ts';
export type * from './model-interface.ts';
export type { Opening } from './opening-types.ts';
export { REFUSALS, Refusal, type RefusalCode } from './refusal.ts';
export * from './statement-types.ts';
export * from './verdict-types.ts';

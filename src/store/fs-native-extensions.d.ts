/** The part of fs-native-extensions 1.5 that locks need; the package ships no types. */
declare module 'fs-native-extensions' {
  /** Locks a whole file without waiting. @returns whether it was taken */
  export function tryLock(descriptor: number): boolean;
}

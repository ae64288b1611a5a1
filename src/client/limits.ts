/** What a watch does not detect: to be shown wherever its findings are. */
export const LIMITS: readonly string[] = [
  'Not detected are answers never drawn or asked for.',
  'Not detected are other users’ answers.',
  'Not detected is honesty shown only to watchers.',
  'Not detected is a fork without an independent witness.',
  'Not detected is a wrong model honestly proved.',
  'A swap under the old id shows as a missing or failing proof by its deadline.',
];

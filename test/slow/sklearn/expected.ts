/** How many of the estimators of scikit-learn, exported by default, must be proved. */
export const MINIMUM = 45;

/** Models that are refused, and how the reason begins. Every other one that converts must be proved. */
export const REFUSED: Readonly<Record<string, string>> = {};

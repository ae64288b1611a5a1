/** The package entry `quietproof/verify`: the verifier alone. */
export * from '@quietproof/verify';

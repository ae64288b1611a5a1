export * from 'quietproof/server';

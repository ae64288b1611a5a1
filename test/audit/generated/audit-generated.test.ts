import { testSeeds } from './test-seeds.ts';

// 500 others are in test/slow/audit-seeds.
testSeeds([1, 2, 3]);

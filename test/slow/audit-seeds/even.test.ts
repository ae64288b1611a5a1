import { testSeeds } from '../../audit/generated/test-seeds.ts';
import { seedsOf } from './seeds.ts';

testSeeds(seedsOf(0));

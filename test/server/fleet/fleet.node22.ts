// In one file, so that the artifact is compiled once. Node 22 runs it: see `fleet.test.ts`.
import './support/fleet-kind.ts';
import '../serve/suites/answers.ts';
import '../serve/suites/draws.ts';
import '../serve/suites/faults.ts';
import '../serve/suites/lifetime.ts';
import '../serve/suites/timestamps.ts';
import '../serve/suites/webhooks.ts';
import '../serve/suites/witnesses.ts';
import './suites/store.ts';
import './suites/one-log.ts';
import './suites/fleet-timestamps.ts';
import './suites/fleet-webhooks.ts';
import './suites/work.ts';
import './suites/false-proofs.ts';
import './suites/move.ts';
import './suites/kills.ts';

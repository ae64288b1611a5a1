// In one file, so that the artifact is compiled once.
import './suites/answers.ts';
import './suites/draws.ts';
import './suites/faults.ts';
import './suites/kills.ts';
import './suites/lifetime.ts';
import './suites/misbehaviour.ts';
import './suites/timestamps.ts';
import './suites/webhooks.ts';
import './suites/witnesses.ts';

// One artifact is compiled, and one provider opened, for all of them.
import './suites/attacks/answers.ts';
import './suites/attacks/draws.ts';
import './suites/attacks/honest.ts';
import './suites/attacks/log.ts';
import './suites/attacks/models.ts';
import './suites/attacks/proofs.ts';
import './suites/attacks/trust.ts';
import './suites/attacks/witnesses.ts';
import './suites/browser.ts';
import './suites/reading.ts';

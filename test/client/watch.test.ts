// One artifact is compiled for all of them.
import './suites/attacks.ts';
import './suites/browser.ts';
import './suites/reading.ts';

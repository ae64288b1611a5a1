// Preloaded into a command: with each SIGUSR2 its clock is set, an hour ahead, right, an hour back, and right again.
const HOUR = 3_600_000;
const now = Date.now.bind(Date);
let jumps = 0;
Date.now = () => now() + [0, HOUR, 0, -HOUR][jumps % 4];
process.on('SIGUSR2', () => {
  jumps += 1;
});

// Adds up the results of all test runs; a run that failed without counting a failure (a crash, a missing file) counts as one.
import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const [folder, failedRuns] = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of readdirSync(folder).filter((f) => f.endsWith('.trx'))) {
  const counters = /<Counters ([^>]*)>/.exec(readFileSync(join(folder, file), 'utf8'))[1];
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(counters)[1]);
  passed += count('passed');
  failed += count('total') - count('passed');
}
if (existsSync(join(folder, 'e2e.json'))) {
  const { stats } = JSON.parse(readFileSync(join(folder, 'e2e.json'), 'utf8'));
  passed += stats.expected;
  failed += stats.unexpected + stats.flaky + stats.skipped;
}
if (failed === 0 && failedRuns !== '0') failed = 1;
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);

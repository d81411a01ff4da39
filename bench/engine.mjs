// The engine alone, without HTTP, beside PostgreSQL taking the same rows.
import { execFileSync } from 'node:child_process';
import { build, program } from './cel.mjs';

/** Runs a second of the engine and of PostgreSQL, the size of a batch, and the one's share of the other. */
export function measureEngine() {
  build();
  const measured = JSON.parse(execFileSync(program, ['engine'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  const rate = ({ Median, Min, Max }) => ({ median: Median, min: Min, max: Max });
  return { engine: rate(measured.engine), postgresql: rate(measured.postgresql), batch: measured.batch, share: measured.share };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(measureEngine(), null, 1));

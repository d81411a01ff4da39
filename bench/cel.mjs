// One evaluation of an expression: ours compiled from CEL, and a JavaScript function that does the same.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { median } from './lib/load.mjs';

const root = path.resolve(import.meta.dirname, '..');
export const program = path.join(root, 'artifacts/dotnet/bin/Fluxgate.Bench/release/fluxgate-bench');

/** Nanoseconds of a JavaScript function over parsed JSON. */
function javascript() {
  const [rounds, evaluations] = [9, 1_000_000];
  const variables = JSON.parse('{"amount": 99.5, "country": "FI", "allowed": ["SE", "NO", "FI"]}');
  const evaluate = v => v.amount * 1.2 > 100.0 && v.allowed.includes(v.country);
  const run = times => { let held = 0; for (let i = 0; i < times; i++) if (evaluate(variables)) held++; if (held !== times) throw new Error('another result'); };
  run(3_000_000);
  const times = [];
  for (let round = 0; round < rounds; round++) {
    const began = process.hrtime.bigint();
    run(evaluations);
    times.push(Number(process.hrtime.bigint() - began) / evaluations);
  }
  return { median: median(times), min: Math.min(...times), max: Math.max(...times) };
}

export const build = () => execFileSync('dotnet', ['build', path.join(root, 'bench/Fluxgate.Bench'), '-c', 'Release', '--nologo', '-v', 'quiet', '-clp:ErrorsOnly'], { stdio: 'inherit' });

export function measureCel() {
  build();
  return { cel: JSON.parse(execFileSync(program, ['cel'], { encoding: 'utf8' })), javascript: javascript() };
}

if (process.argv[1] === import.meta.filename) console.log(JSON.stringify(measureCel(), null, 1));

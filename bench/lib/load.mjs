// Load over HTTP: a closed loop by wrk, with the CPU that each process tree spent on a request.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cpuSeconds, machineBusySeconds, residentMegabytes, sleep } from './process.mjs';

export const median = values => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2 ? sorted[sorted.length >> 1] : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
};

function once(url, { connections, seconds, pids, prepare }) {
  const out = path.join(os.tmpdir(), `fluxgate-load-${process.pid}.json`);
  const environment = prepare(seconds);
  const before = Object.entries(pids).map(([name, pid]) => [name, pid, cpuSeconds(pid)]);
  const [busyBefore, ownBefore] = [machineBusySeconds(), cpuSeconds(process.pid)];
  const { status, stderr } = spawnSync('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', path.join(import.meta.dirname, 'load.lua'), url],
    { env: { ...process.env, ...environment, OUT: out }, encoding: 'utf8' });
  if (status !== 0) throw new Error(`wrk: ${stderr}`);
  const seen = JSON.parse(fs.readFileSync(out, 'utf8'));
  fs.rmSync(out);
  const cpu = Object.fromEntries(before.map(([name, pid, earlier]) => [name, cpuSeconds(pid) - earlier]));
  const ours = Object.values(cpu).reduce((a, b) => a + b, 0) + cpuSeconds(process.pid) - ownBefore;
  return {
    rate: seen.requests / seen.seconds, p50: seen.p50, p99: seen.p99, max: seen.max, faults: seen.refused + seen.broken,
    cpuPerRequest: Object.fromEntries(Object.entries(cpu).map(([name, spent]) => [name, 1000 * spent / seen.requests])),
    // CPU that others took meanwhile, of the whole machine: what makes a figure doubtful.
    others: Math.max(0, machineBusySeconds() - busyBefore - ours) / (seconds * os.cpus().length),
  };
}

/**
 * Median, minimum and maximum of `repeats` runs at each number of connections. `pids` are the roots whose CPU counts.
 * Milliseconds for times, requests a second for rates. Throws if any answer was not 2xx. `prepare` makes, for a run of so
 * many seconds, the environment of `load.lua`; a `body` alone is posted.
 */
export async function load(url, { body, prepare = () => ({ BODY: body }), pids, connections = [1, 64], seconds = 5, repeats = 5, warmSeconds = 15 }) {
  once(url, { connections: 64, seconds: warmSeconds, prepare, pids });
  const results = {};
  for (const count of connections) {
    const runs = [];
    for (let i = 0; i < repeats; i++) {
      await sleep(500);
      runs.push(once(url, { connections: count, seconds, prepare, pids }));
    }
    const faults = runs.reduce((sum, run) => sum + run.faults, 0);
    if (faults > 0) throw new Error(`${faults} answers of ${url} were not 2xx.`);
    const of = pick => ({ median: median(runs.map(pick)), min: Math.min(...runs.map(pick)), max: Math.max(...runs.map(pick)) });
    results[count] = {
      rate: of(r => r.rate), p50: of(r => r.p50), p99: of(r => r.p99), others: of(r => r.others),
      cpuPerRequest: Object.fromEntries(Object.keys(pids).map(name => [name, median(runs.map(r => r.cpuPerRequest[name]))])),
      residentMegabytes: Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, residentMegabytes(pid)])),
    };
  }
  return results;
}

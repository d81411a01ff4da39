// All measurements one after the other, ours and the peers' in the same run, as a table in Markdown.
//   node bench/run.mjs [flow] [gate] [engine] [cold] [memory] [cel] [--seconds 5] [--repeats 5] [--peer Restate]
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { measureCel } from './cel.mjs';
import { measureColdStart } from './cold.mjs';
import { measureEngine } from './engine.mjs';
import { measureFlow } from './flow.mjs';
import { measureGate } from './gate.mjs';
import { keyPeers, measurePeer, peers } from './lib/peers.mjs';
import { measureLarge, measureQueued } from './memory.mjs';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { seconds: { type: 'string', default: '5' }, repeats: { type: 'string', default: '5' }, peer: { type: 'string', default: '' } } });
const wanted = row => positionals.length === 0 || positionals.includes(row);
const options = { seconds: Number(values.seconds), repeats: Number(values.repeats) };
const number = (value, digits = 0) => value === undefined ? '–' : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const spread = ({ median, min, max }, digits = 0) => `${number(median, digits)} (${number(min, digits)}–${number(max, digits)})`;
const cpu = each => Object.entries(each).filter(([name]) => name !== 'echo').map(([name, spent]) => `${name} ${number(spent, 2)}`).join(', ');

console.log(`${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} × ${os.cpus()[0].model}, ${execFileSync('dotnet', ['--version'], { encoding: 'utf8' }).trim()}, ${options.repeats} runs of ${options.seconds} s\n`);

if (wanted('flow')) {
  console.log('| | flow | connections | runs/s: median (min–max) | p50 ms | p99 ms | CPU ms a run | times the peer\'s rate |\n|---|---|---|---|---|---|---|---|');
  const ours = await measureFlow(options);
  const print = (name, measured) => {
    for (const [flow, counts] of Object.entries(measured))
      for (const [count, m] of Object.entries(counts))
        console.log(`| ${name} | ${flow} | ${count} | ${spread(m.rate)} | ${number(m.p50.median, 1)} | ${number(m.p99.median, 1)} | ${cpu(m.cpuPerRequest)} | ${measured === ours ? '' : number(ours[flow][count].rate.median / m.rate.median, 1)} |`);
  };
  print('Fluxgate', ours);
  for (const peer of peers.filter(p => p.name.includes(values.peer))) {
    const measured = measurePeer(peer, options);
    if (measured) print(peer.name, measured);
  }
  const { residentMegabytes, others } = ours.plain[64];
  console.log(`\nUnder that load: ${Object.entries(residentMegabytes).map(([name, mb]) => `${name} ${number(mb)} MB resident`).join(', ')}; others took ${number(100 * others.median, 1)} % of the machine.\n`);
}
if (wanted('gate')) {
  console.log('| | connections | requests/s: median (min–max) | p50 ms | p99 ms | CPU ms a request | times the server\'s CPU without a gate |\n|---|---|---|---|---|---|---|');
  const gate = await measureGate(options);
  const names = { bare: 'no gate', key: 'API key', hmac: 'API key, HMAC signature, nonce', ed25519: 'API key, Ed25519 signature, nonce' };
  const print = (name, count, m, times) => console.log(`| ${name} | ${count} | ${spread(m.rate)} | ${number(m.p50.median, 1)} | ${number(m.p99.median, 1)} | ${cpu(m.cpuPerRequest)} | ${times} |`);
  for (const [row, counts] of Object.entries(gate))
    for (const [count, m] of Object.entries(counts))
      print(`Fluxgate, ${names[row]}`, count, m, row === 'bare' ? '' : number(m.cpuPerRequest.fluxgate / gate.bare[count].cpuPerRequest.bare, 2));
  for (const peer of keyPeers.filter(p => p.name.includes(values.peer))) {
    const measured = measurePeer(peer, { ...options, variants: { verify: 'verify' } });
    for (const [count, m] of Object.entries(measured?.verify ?? {})) {
      print(peer.name, count, m, '');
      console.log(`| times its rate | ${count} | by key ${number(gate.key[count].rate.median / m.rate.median, 1)}, HMAC ${number(gate.hmac[count].rate.median / m.rate.median, 1)}, Ed25519 ${number(gate.ed25519[count].rate.median / m.rate.median, 1)} | | | | |`);
    }
  }
  console.log('');
}
if (wanted('engine')) {
  const { engine, postgresql, batch, share } = measureEngine();
  console.log(`The engine alone: ${spread(engine)} runs/s of three steps, durable; PostgreSQL takes the same rows in batches of ${number(batch)} at ${spread(postgresql)} runs/s: ${number(100 * share)} %.\n`);
}
if (wanted('cold')) {
  const cold = await measureColdStart({ repeats: options.repeats });
  console.log(`Cold start to the first run answered: ${spread(cold.firstRun)} ms (ready ${spread(cold.ready)} ms, CPU ${spread(cold.cpuMilliseconds)} ms); at rest ${number(cold.megabytesAtRest)} MB.\n`);
}
if (wanted('memory')) {
  const [queued, large] = [await measureQueued(), await measureLarge()];
  console.log(`Resident at most: ${number(queued.peak)} MB with ${number(queued.runs)} runs waiting, taken at ${number(queued.perSecond)}/s; ${number(large.peak)} MB with ${number(large.runs)} runs of 5 MB; at rest ${number(queued.atRest)} MB.\n`);
}
if (wanted('cel')) {
  const { cel, javascript } = measureCel();
  console.log(`One evaluation: CEL ${spread(cel)} ns, ${cel.bytes} bytes allocated; a JavaScript function ${spread(javascript)} ns.\n`);
}

// What Linux says of a process and everything below it.
import fs from 'node:fs';

const TICKS_PER_SECOND = 100;

const children = pid => {
  try {
    return fs.readdirSync(`/proc/${pid}/task`).flatMap(task =>
      fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  } catch { return []; } // ended in between
};

export const tree = pid => [pid, ...children(pid).flatMap(tree)];

/** CPU seconds of a process tree, the children it has waited for included. */
export const cpuSeconds = pid => tree(pid).reduce((sum, each) => {
  try {
    const stat = fs.readFileSync(`/proc/${each}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return sum + [11, 12, 13, 14].reduce((s, i) => s + Number(fields[i]), 0) / TICKS_PER_SECOND;
  } catch { return sum; }
}, 0);

/** Resident megabytes of one process. */
export const residentMegabytes = pid => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/** Seconds that the whole machine has been busy, by anybody. */
export const machineBusySeconds = () => {
  const fields = fs.readFileSync('/proc/stat', 'utf8').split('\n')[0].trim().split(/\s+/).slice(1).map(Number);
  return (fields.slice(0, 8).reduce((a, b) => a + b) - fields[3] - fields[4]) / TICKS_PER_SECOND;
};

export const sleep = milliseconds => new Promise(done => setTimeout(done, milliseconds));

/** Ends a process that we started: asks, then insists after ten seconds. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(done => child.once('exit', done));
  child.kill('SIGTERM');
  const insist = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(insist);
}

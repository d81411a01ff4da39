// Runs the text of one code node in QuickJS, which is WebAssembly: the text reaches nothing of Node.js. This process is
// itself sealed by whoever starts it, and killed at its deadline; it reads one job from standard input, writes one
// outcome to standard output, and ends.
import variant from '@jitl/quickjs-singlefile-mjs-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant } from 'quickjs-emscripten-core';

const pageBytes = 65536;
const stackBytes = 128 * 1024;
/** Longest message of an error that is passed on, in characters. */
const longestMessage = 500;

/**
 * job: { source: body of a function of `input`, input: any JSON, milliseconds, megabytes }.
 * outcome: { output: any JSON } or { fault: 'threw' | 'time' | 'memory', message }.
 */
async function run({ source, input, milliseconds, megabytes }) {
  const memory = new WebAssembly.Memory({ initial: 256, maximum: 256 + (megabytes * 1024 * 1024) / pageBytes });
  const quickjs = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory: memory }));
  const context = quickjs.newContext();
  const { runtime } = context;
  const deadline = performance.now() + milliseconds;
  let isLate = false;
  runtime.setMemoryLimit(megabytes * 1024 * 1024);
  runtime.setMaxStackSize(stackBytes);
  runtime.setInterruptHandler(() => (isLate ||= performance.now() > deadline));

  // Taken before the text runs, which may put others in their place.
  const json = context.getProp(context.global, 'JSON');
  const [parse, stringify] = [context.getProp(json, 'parse'), context.getProp(json, 'stringify')];
  const faultOf = (error) => {
    const found = context.dump(error);
    const message = typeof found === 'object' && found !== null ? `${found.name ?? 'Error'}: ${found.message ?? ''}` : String(found);
    if (isLate) return { fault: 'time', message: '' };
    if (message === 'InternalError: out of memory') return { fault: 'memory', message: '' };
    return { fault: 'threw', message: message.slice(0, longestMessage) };
  };

  const compiled = context.evalCode(`(function (input) {${source}\n})`, 'code', { strict: true });
  if (compiled.error) return faultOf(compiled.error);
  const given = context.callFunction(parse, context.undefined, context.newString(JSON.stringify(input)));
  if (given.error) return faultOf(given.error);
  const called = context.callFunction(compiled.value, context.undefined, given.value);
  if (called.error) return faultOf(called.error);
  const jobs = runtime.executePendingJobs();
  if (jobs.error) return faultOf(jobs.error);
  const settled = context.getPromiseState(called.value);
  if (settled.type === 'rejected') return faultOf(settled.error);
  if (settled.type === 'pending') return { fault: 'threw', message: 'Error: the code waits for something that does not come' };
  const written = context.callFunction(stringify, context.undefined, settled.value);
  if (written.error) return faultOf(written.error);
  const text = context.dump(written.value);
  return { output: text === undefined ? null : JSON.parse(text) };
}

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
let outcome;
try {
  outcome = await run(JSON.parse(Buffer.concat(chunks).toString('utf8')));
} catch (error) {
  // QuickJS itself gave up: what it leaves behind cannot be asked.
  outcome = { fault: 'memory', message: String(error).slice(0, longestMessage) };
}
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));

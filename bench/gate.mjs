// A request through the whole gate that reads one row: by key, and by key with a signature and its nonce; beside it the
// same row from a server without a gate.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Fluxgate, freePort } from './lib/fluxgate.mjs';
import { load } from './lib/load.mjs';
import { stop } from './lib/process.mjs';

const program = path.resolve(import.meta.dirname, '../artifacts/dotnet/bin/Fluxgate.Bench/release/fluxgate-bench');
const keyCount = 1000;
const signingCount = 100;
/** More signed requests than any server answers in a second; one is good for one request. */
const mostASecond = 15_000;

/** The two header fields of RFC 9421 for a GET of `target` by the profile of docs/guide/signed-requests.md. */
function signature(target, keyId, sign) {
  const created = Math.floor(Date.now() / 1000);
  const parameters = `("@method" "@target-uri");created=${created};expires=${created + 300};nonce="${crypto.randomBytes(16).toString('hex')}";keyid="${keyId}";tag="fluxgate"`;
  const base = `"@method": GET\n"@target-uri": ${target}\n"@signature-params": ${parameters}`;
  return `Signature-Input: sig1=${parameters}\tSignature: sig1=:${sign(base).toString('base64')}:`;
}

const hmac = secret => ({ keyId: secret.slice(0, 12), sign: base => crypto.createHmac('sha256', secret).update(base).digest() });

async function ed25519(server, apiKeyId) {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  const made = await server.call('POST', `/api-keys/${apiKeyId}/signing-keys`, { algorithm: 'ed25519', public_key: publicKey.export({ type: 'spki', format: 'pem' }) });
  return { keyId: made.key_id, sign: base => crypto.sign(null, Buffer.from(base), privateKey) };
}

/** Loads by number of connections of the row `bare`, `key`, `hmac` and `ed25519`. */
export async function measureGate(options = {}) {
  const server = await Fluxgate.start();
  const file = path.join(os.tmpdir(), `fluxgate-requests-${process.pid}`);
  let bare;
  try {
    const target = `${server.url}/v1/organization`;
    const keys = [];
    for (let i = 0; i < keyCount; i++) keys.push(await server.call('POST', '/api-keys', { name: `bench ${i}`, scopes: ['organization:read'] }));
    const signers = { hmac: [], ed25519: [] };
    for (const { id, key } of keys.slice(0, signingCount)) {
      signers.hmac.push({ key, ...hmac((await server.call('POST', `/api-keys/${id}/signing-keys`, { algorithm: 'hmac_sha256' })).secret) });
      signers.ed25519.push({ key, ...await ed25519(server, id) });
    }
    const write = (lines, turns) => {
      fs.writeFileSync(file, lines.join('\n') + '\n');
      return { REQUESTS: file, ...(turns && { TURNS: '1' }) };
    };
    const signed = which => seconds => write(Array.from({ length: mostASecond * seconds }, (_, i) => {
      const { key, keyId, sign } = signers[which][i % signingCount];
      return `Authorization: Bearer ${key}\t${signature(target, keyId, sign)}`;
    }));
    const port = await freePort();
    const { id } = await server.call('GET', '/organization');
    const socket = path.join(fs.readFileSync(path.join(server.directory, 'cluster'), 'utf8').trim(), 'socket');
    bare = spawn(program, ['bare', socket, id, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((done, failed) => { bare.stdout.once('data', done); bare.once('exit', () => failed(new Error('The server without a gate ended.'))); });
    const byKey = () => write(keys.map(({ key }) => `Authorization: Bearer ${key}`), true);
    const pids = { fluxgate: server.pid, postgresql: server.postgresPid };
    return {
      bare: await load(`http://127.0.0.1:${port}/v1/organization`, { ...options, prepare: byKey, pids: { bare: bare.pid, postgresql: server.postgresPid } }),
      key: await load(target, { ...options, prepare: byKey, pids }),
      hmac: await load(target, { ...options, prepare: signed('hmac'), pids }),
      ed25519: await load(target, { ...options, prepare: signed('ed25519'), pids }),
    };
  } finally {
    if (bare) await stop(bare);
    fs.rmSync(file, { force: true });
    await server.stop();
  }
}

if (process.argv[1] === import.meta.filename)
  console.log(JSON.stringify(await measureGate({ repeats: Number(process.argv[2] ?? 5), seconds: Number(process.argv[3] ?? 5) }), null, 1));

// The outside service of the flow that calls one: answers {"echo": <body>}. Arguments: host, port.
import http from 'node:http';

const [host, port] = process.argv.slice(2);
http.createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', () => {
    const text = `{"echo":${Buffer.concat(parts).toString()}}`;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }).end(text);
  });
}).listen(Number(port), host, () => console.log('ready'));

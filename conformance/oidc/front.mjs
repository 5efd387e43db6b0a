// TLS in front of the server: node front.mjs KEY CERT LISTEN TO. The host of a request stays as it is.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';

const [key, cert, listen, to] = process.argv.slice(2);
const [host, port] = listen.split(':');
const [hostname, target] = to.split(':');

createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, outgoing) => {
  const headers = { ...incoming.headers, 'x-forwarded-for': incoming.socket.remoteAddress };
  const asked = request({ hostname, port: target, path: incoming.url, method: incoming.method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode, answer.rawHeaders);
    answer.pipe(outgoing);
  });
  asked.on('error', () => outgoing.writeHead(502).end());
  incoming.pipe(asked);
}).listen(Number(port), host);

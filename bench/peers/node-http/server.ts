import { createServer } from 'node:http';

// The floor of any Node server: read a JSON body, parse it, write it back. Usage: server.js PORT.
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8');
    const answer = JSON.stringify(text === '' ? { ready: true } : JSON.parse(text));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) });
    response.end(answer);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');

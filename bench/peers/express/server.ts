import express from 'express';

// Express as its guide shows it: express.json and response.json. Usage: server.js PORT.
const app = express();
app.use(express.json());
app.get('/ready', (_request, response) => {
  response.json({ ready: true });
});
app.post('/predict', (request, response) => {
  response.json(request.body);
});
app.listen(Number(process.argv[2]), '127.0.0.1');

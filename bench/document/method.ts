import { LOAD_CORE, SERVER_CORE } from '../pin.js';
import type { BenchResults } from './results-file.js';

/** The sections on how was measured, and on what is not equal between the servers; none when they were not measured. */
export function renderMethod({ servers }: BenchResults): string[] {
  if (!servers) return [];
  const { plan, trees, data } = servers.stamp;
  return [
    `## How it is measured

- The server is pinned to core ${SERVER_CORE}; the load generator, Postgres and the collector of traces to core ${LOAD_CORE} (\`taskset\`). Servers run one at a time.
- Load: [wrk](https://github.com/wg/wrk) (Debian: \`apt-get install wrk\`), one thread, ${plan.connections} keep-alive connections, 100 different rows in turn.
  wrk has no rate, so loads at a rate come from a small client of this repository (\`bench/load/send-paced.ts\`): evenly
  spaced requests, latency counted from the instant a request was due, exact to about 0.1 ms.
- Model: LightGBM, ${trees} trees of at most 31 leaves, 11 floats, 7 classes, trained on ${data}; exported to ONNX.
- ${plan.rounds} round${plan.rounds === 1 ? '' : 's'}, each starting with another server; in each a server is started, checked on 100 rows (its label must be
  onnxruntime's), warmed up for ${plan.warmUpSeconds} s and loaded for ${plan.maximumSeconds} s. Medians over the rounds.
- CPU is user and system time of the server's processes from /proc, Postgres not counted. RSS is their sum, in megabytes of 10⁶ bytes.
- "Others" on a core is its busy time less that of the server, or of the load generator, Postgres and the benchmark: what
  belongs to none of them. Interrupts, and time that the host gave to other machines, count as others.
- Plumbline runs with its default settings and tracing of 1 % of the requests to a collector: validation, capture into its own
  embedded Postgres, metrics.`,
    `## What is not equal

To the advantage of the peers:
- They answer label and probabilities; Plumbline also an id for each prediction, the model's version and a name for each probability.
- They check that a number is a number (FastAPI, BentoML) or less (Flask, MLServer), not ranges; and but for the one with INSERT they store nothing.
- Only that one has metrics on; none has traces.
- MLServer is sent its own protocol's unnamed tensor, which is shorter than eleven named numbers.
- The Python servers run a newer onnxruntime than there is for Node.

To the advantage of Plumbline:
- It runs the model once for all requests that wait. MLServer and BentoML can do so too when configured to: the rows "with adaptive
  batching". The figures to reach were set against the plain ones, which is what their users get without asking.
- It answers when a row is in a file that survives its death (\`os\`), where the peer with INSERT waits for a commit that also
  survives a power failure. The row "answers wait for the disk" makes the same promise as that peer.
- It asks onnxruntime for the probabilities only and takes the label from them; the Python servers ask for both.
- Its rows go to Postgres many at a time. The INSERT of the peer is what its users write; asyncpg's COPY would be quicker.
- Flask runs LightGBM's own \`predict_proba\` on a DataFrame, as in many tutorials: most of its time is pandas.`,
  ];
}

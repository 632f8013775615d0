import { Gauge, type Registry } from 'prom-client';

/** Creates the gauges of the rows that wait for an answer. @param waitingRows  read at each scrape; `limitRows` at most */
export function createQueueMetrics(registry: Registry, waitingRows: () => number, limitRows: number): void {
  const registers = [registry];
  new Gauge({
    name: 'inference_queue_rows',
    help: 'Prediction rows accepted and not yet answered.',
    registers,
    collect() {
      this.set(waitingRows());
    },
  });
  const help = 'Rows accepted and not yet answered beyond which requests are refused.';
  new Gauge({ name: 'inference_queue_limit_rows', help, registers }).set(limitRows);
}

import type { Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { loadJudgedWindow } from '../performance/judged-window.js';
import { loadChampionWindow } from '../verdicts/champion-window.js';
import { composePayload } from './compose.js';
import { decideAlerts, isDue } from './decide-alerts.js';
import type { SendAlerts } from './send.js';
import { loadOpenAlerts, markSent, saveAlert } from './stored.js';

/** Where alerts go, how often one that still fires is repeated, and the monitor's own address in them. */
export interface DirectAlerting {
  send: SendAlerts;
  repeatSeconds: number;
  externalUrl: string;
}

/**
 * Brings the alerts of a model up to date and delivers them when one is due, the whole group at once as Alertmanager
 * does. Stored first: a delivery that fails is logged and tried again by the next pass, and never fails this one.
 */
export async function raiseAlerts(options: {
  pool: Pool;
  modelName: string;
  now: Date;
  alerting: DirectAlerting;
  logger: Logger;
  onDelivery: (outcome: 'delivered' | 'failed') => void;
}): Promise<void> {
  const { pool, modelName, now, alerting, logger, onDelivery } = options;
  const newest = await loadChampionWindow(pool, modelName);
  const champion = newest && { ...newest, judged: await loadJudgedWindow(pool, newest.version) };
  const alerts = decideAlerts({ champion, open: await loadOpenAlerts(pool, modelName), now });
  for (const alert of alerts) await saveAlert(pool, alert);
  if (!alerts.some((alert) => isDue(alert, now, alerting.repeatSeconds))) return;
  try {
    await alerting.send(composePayload(modelName, alerts, alerting.externalUrl));
  } catch (error) {
    onDelivery('failed');
    logger.warn({ err: error, modelName }, 'alerts not delivered, the next run tries again');
    return;
  }
  onDelivery('delivered');
  await markSent(pool, alerts, now);
  for (const { alertName, endsAt, modelVersion } of alerts) {
    logger.info({ modelName, modelVersion, alertName, status: endsAt ? 'resolved' : 'firing' }, 'alert delivered');
  }
}

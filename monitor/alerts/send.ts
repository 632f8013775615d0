import type { AlertmanagerPayload } from '../../core/alerts/payload.js';

/** Delivers a notification. @throws Error when it was not accepted */
export type SendAlerts = (payload: AlertmanagerPayload) => Promise<void>;

/** Posts notifications to a webhook, as Alertmanager would. */
export function createSendAlerts(options: { url: string; token: string; timeoutMs: number }): SendAlerts {
  const { url, token, timeoutMs } = options;
  return async (payload) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(payload),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: Error) => {
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
      throw new Error(`${url} did not answer (${error.message}${cause}); is the trainer running?`, { cause: error });
    });
    // The body is not needed, but unread it would hold the connection.
    await response.body?.cancel();
    if (response.ok) return;
    const advice = response.status === 401 || response.status === 403 ? '; check MONITOR_ALERT_TOKEN' : '';
    throw new Error(`${url} answered ${response.status}${advice}`);
  };
}

import { loadCliSettings } from '../settings.js';
import { readStack } from './stack-file.js';

/** Address of the service of `plumbline up` here, or else of one on SERVICE_PORT of this machine. */
export async function serviceUrl(): Promise<string> {
  const settings = loadCliSettings();
  const stack = await readStack(settings.PLUMBLINE_HOME);
  return stack?.serviceUrl ?? `http://127.0.0.1:${settings.SERVICE_PORT}`;
}

/**
 * The environment that servers are started with: this one, with what `extra` sets. ONNX Runtime sends no usage data,
 * whoever loads it: that is work besides the requests.
 */
export function childEnvironment(extra: Record<string, string>): Record<string, string | undefined> {
  return { ORT_DISABLE_TELEMETRY: '1', ...process.env, ...extra };
}

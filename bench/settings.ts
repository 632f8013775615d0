/** The environment that servers are started with: this one, with what `extra` sets. */
export function childEnvironment(extra: Record<string, string>): Record<string, string | undefined> {
  return { ...process.env, ...extra };
}

import { ROUTES } from '../metrics/http.js';

/** A route of the Open Inference Protocol, in the form of its metric label. */
export type V2Route = Extract<keyof typeof ROUTES, `/v2${string}`>;

/** A path that is one of the protocol's, with the parts that vary, decoded. */
export interface Match {
  route: V2Route;
  model: string;
  /** The version as written in the path; undefined where the path names none. */
  version: string | undefined;
}

const PATTERNS = (Object.keys(ROUTES) as (keyof typeof ROUTES)[])
  .filter((route): route is V2Route => route.startsWith('/v2'))
  .map((route) => ({ route, segments: route.split('/') }));

/** The route of a request's URL: without its query, with or without a slash at the end. Undefined when it is none. */
export function matchRoute(url: string): Match | undefined {
  const path = url.split('?', 1)[0]!;
  const segments = (path.endsWith('/') ? path.slice(0, -1) : path).split('/');
  const pattern = PATTERNS.find((each) => fits(each.segments, segments));
  if (!pattern) return undefined;
  try {
    const part = (name: string): string | undefined => {
      const at = pattern.segments.indexOf(name);
      return at === -1 ? undefined : decodeURIComponent(segments[at]!);
    };
    return { route: pattern.route, model: part('{model}') ?? '', version: part('{version}') };
  } catch {
    // A % that encodes nothing.
    return undefined;
  }
}

function fits(pattern: string[], segments: string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, i) => part === segments[i] || (part.startsWith('{') && segments[i] !== ''))
  );
}

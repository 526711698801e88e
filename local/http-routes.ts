import type { RoutePlan } from './deployment.ts';

export type RouteMatch = {
  readonly route: RoutePlan;
  /** Decoded, as HTTP API hands them over. */
  readonly pathParameters: Readonly<Record<string, string>>;
};

/**
 * Finds the route of an HTTP API for a decoded path: a route with the method before `ANY`, one with
 * fewer parameters before one with more, a greedy one last.
 */
export function matchRoute(
  routes: readonly RoutePlan[],
  method: string,
  path: string,
): RouteMatch | undefined {
  const segments = path.split('/').slice(1);
  const [best] = routes
    .map((route) => match(route, method, segments))
    .filter((found) => found !== undefined)
    .toSorted((a, b) => a.rank - b.rank);
  return best && { route: best.route, pathParameters: best.pathParameters };
}

function match(
  route: RoutePlan,
  method: string,
  segments: readonly string[],
): (RouteMatch & { readonly rank: number }) | undefined {
  const [wantedMethod = '', pattern = ''] = route.routeKey.split(' ');
  if (wantedMethod !== 'ANY' && wantedMethod !== method) {
    return undefined;
  }
  const wanted = pattern.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  let rank = wantedMethod === 'ANY' ? 1 : 0;
  for (const [index, part] of wanted.entries()) {
    const segment = segments[index];
    const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
    if (segment === undefined || segment === '') {
      return undefined;
    }
    if (name === undefined) {
      if (part !== segment) {
        return undefined;
      }
    } else if (part.endsWith('+}')) {
      pathParameters[name] = segments.slice(index).join('/');
      return { route, pathParameters, rank: rank + 1000 };
    } else {
      pathParameters[name] = segment;
      rank += 10;
    }
  }
  return wanted.length === segments.length ? { route, pathParameters, rank } : undefined;
}

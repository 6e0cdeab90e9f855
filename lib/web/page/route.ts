/**
 * What the address bar says, so that whatever one looks at can be linked to.
 *
 * @module
 */

/** Where one is. */
export interface Route {
  /** Absent at `/`. */
  readonly room?: string;
  /** The event that is pointed at. */
  readonly seq?: number;
  /** What is searched for, if the search is open. */
  readonly search?: SearchRoute;
}

export interface SearchRoute {
  readonly query: string;
  /** In every room, not only in this one. */
  readonly isEverywhere: boolean;
}

const PATH = /^\/rooms\/([^/]+)(?:\/(\d{1,15}))?\/?$/;

/** What an address means; one that means nothing is `/`. */
export function parseRoute(url: URL): Route {
  const query = url.searchParams.get("q");
  const search = query === null
    ? undefined
    : { query, isEverywhere: url.searchParams.get("in") === "all" };
  const [, encoded, digits] = PATH.exec(url.pathname) ?? [];
  const room = encoded === undefined ? undefined : decode(encoded)?.replace(/^#/, "");
  if (room === undefined || room === "") return { search };
  const seq = digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
  return { room, seq, search };
}

/** The address of a route, from the path on. */
export function routePath({ room, seq, search }: Route): string {
  let path = room === undefined ? "/" : `/rooms/${roomSegment(room)}`;
  if (room !== undefined && seq !== undefined) path += `/${seq}`;
  if (!search) return path;
  const query = new URLSearchParams({ q: search.query });
  if (search.isEverywhere) query.set("in", "all");
  return `${path}?${query}`;
}

/** A room's name as a part of a path. */
export function roomSegment(room: string): string {
  // Of these two, which are good names, browsers make another path, however they are written.
  return room === "." || room === ".." ? `%23${room}` : encodeURIComponent(room);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

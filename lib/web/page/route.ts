/**
 * Routes: the paths of rooms, events and searches in the address bar.
 *
 * @module
 */

export interface Route {
  /** Absent at `/`. */
  readonly room?: string;
  /** The event to show. */
  readonly seq?: number;
  /** What of the room to show, in the query language. */
  readonly filter?: string;
  /** The search, if the search panel is open. */
  readonly search?: SearchRoute;
}

export interface SearchRoute {
  readonly query: string;
  /** Whether to search all rooms, not only this one. */
  readonly isEverywhere: boolean;
}

const PATH = /^\/rooms\/([^/]+)(?:\/(\d{1,15}))?\/?$/;

/** Parses an address; an unknown path is treated as `/`. */
export function parseRoute(url: URL): Route {
  const query = url.searchParams.get("q");
  const search = query === null
    ? undefined
    : { query, isEverywhere: url.searchParams.get("in") === "all" };
  const filter = url.searchParams.get("filter") || undefined;
  const [, encoded, digits] = PATH.exec(url.pathname) ?? [];
  const room = encoded === undefined ? undefined : decode(encoded)?.replace(/^#/, "");
  if (room === undefined || room === "") return { search };
  const seq = digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
  return { room, seq, search, ...(filter !== undefined && { filter }) };
}

/** The path and query of a route. */
export function routePath({ room, seq, filter = "", search }: Route): string {
  let path = room === undefined ? "/" : `/rooms/${roomSegment(room)}`;
  if (room !== undefined && seq !== undefined) path += `/${seq}`;
  const query = new URLSearchParams();
  if (filter !== "" && room !== undefined) query.set("filter", filter);
  if (search) query.set("q", search.query);
  if (search?.isEverywhere) query.set("in", "all");
  return query.size === 0 ? path : `${path}?${query}`;
}

/** A room's name as a path segment. */
export function roomSegment(room: string): string {
  // These two are valid names, but browsers resolve them as relative paths, even percent-encoded.
  return room === "." || room === ".." ? `%23${room}` : encodeURIComponent(room);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

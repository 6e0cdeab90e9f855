/**
 * Addresses of the page, which a proxy may publish under any path: the page looks where its own script
 * came from.
 *
 * @module
 */

/** `/`, or a path such as `/partyline/`. */
const BASE = new URL("..", import.meta.url).pathname;

/** The address of a path of the site, such as `/rooms/lobby`. */
export function addressOf(path: string): string {
  return BASE + path.slice(1);
}

/** The URL as if the page were published at `/`; `undefined` if it is not one of the page's. */
export function siteUrl(url: URL): URL | undefined {
  if (url.origin !== location.origin || !url.pathname.startsWith(BASE)) return undefined;
  return new URL(url.pathname.slice(BASE.length - 1) + url.search, url.origin);
}

/** A key of the browser's storage, which all pages of the origin share. */
export function storageKey(name: string): string {
  return BASE === "/" ? name : `${name} ${BASE}`;
}

/**
 * The path under which a proxy publishes the site. The site is served there and at `/`, so that the
 * proxy may keep the path in requests or remove it.
 *
 * @module
 */

export class WebBase {
  /** Begins and ends with a slash: `/`, or `/partyline/`. */
  readonly path: string;

  constructor(path = "/") {
    this.path = path;
  }

  /** The path within the site. */
  inside(pathname: string): string {
    return this.has(pathname) ? pathname.slice(this.path.length - 1) : pathname;
  }

  /** The path within the site as an address for the client that asked for `pathname`. */
  address(path: string, pathname: string): string {
    return this.has(pathname) ? this.path + path.slice(1) : path;
  }

  /** Whether a path is under the base. */
  has(pathname: string): boolean {
    return pathname.startsWith(this.path);
  }

  /** Whether only the last slash is missing, without which relative addresses go elsewhere. */
  isMissingSlash(pathname: string): boolean {
    return `${pathname}/` === this.path;
  }
}

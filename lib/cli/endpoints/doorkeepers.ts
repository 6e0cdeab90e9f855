/**
 * The doorkeepers of all endpoints, so that a reload can replace whom they let in.
 *
 * @module
 */

import type { AddressList } from "../../domain/access/rules/address_range.ts";
import { Doorkeeper } from "../../server/accepting/doorkeeper.ts";
import { formatEndpoint } from "../../transport/endpoint.ts";
import type { Guard } from "../../transport/guarded_listener.ts";
import type { HttpEndpoint } from "./http_endpoint.ts";
import type { ListenOption } from "./listen.ts";

/** What a service is served at. The name may be that of a service, `web` or `metrics`. */
export type Door = readonly [service: string, at: HttpEndpoint];

/** What is served where, as `ServeOptions` have it. */
export interface Served {
  readonly listen: readonly ListenOption[];
  readonly web?: HttpEndpoint;
  readonly metrics?: HttpEndpoint;
}

/** All endpoints that options name. */
export function doorsOf({ listen, web, metrics }: Served): Door[] {
  return [
    ...listen.map((binding) => [binding.service, binding] as const),
    ...(web ? [["web", web] as const] : []),
    ...(metrics ? [["metrics", metrics] as const] : []),
  ];
}

/** A doorkeeper, and whom it lets in. */
interface Post {
  readonly keeper: Doorkeeper;
  allow: AddressList | undefined;
}

export class Doorkeepers {
  /** By service and endpoint as they were written: with port 0, there may be several of a name. */
  readonly #posts = new Map<string, Post[]>();

  /**
   * A guard for an endpoint; `undefined` for a socket file, whose peers have no address.
   *
   * @param say As in {@linkcode Doorkeeper}.
   */
  guard(door: Door, say?: (sentence: string) => Uint8Array): Guard | undefined {
    const [, { endpoint, allow }] = door;
    if (endpoint.path !== undefined) return undefined;
    const keeper = new Doorkeeper({ allowed: allow, endpoint: formatEndpoint(endpoint), say });
    const key = keyOf(door);
    this.#posts.set(key, [...this.#posts.get(key) ?? [], { keeper, allow }]);
    return keeper;
  }

  /** Whom a guard lets in; `undefined` for everybody. */
  allowOf(guard: Guard | undefined): AddressList | undefined {
    return [...this.#posts.values()].flat().find(({ keeper }) => keeper === guard)?.allow;
  }

  /** Replaces each door's `allow` by that of the door with its name. Open connections stay. */
  adjust(doors: readonly Door[]): void {
    for (const [key, group] of Map.groupBy(doors, keyOf)) {
      // Those that are gone from the options are served as before until the restart.
      for (const [index, post] of (this.#posts.get(key) ?? []).slice(0, group.length).entries()) {
        const [, { allow }] = group[index];
        post.keeper.allowed = post.allow = allow;
      }
    }
  }
}

function keyOf([service, { endpoint }]: Door): string {
  return `${service}=${formatEndpoint(endpoint)}`;
}

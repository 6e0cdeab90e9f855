/**
 * What the server tells of itself to whoever opens the page, before they have given a name.
 *
 * @module
 */

import { STRANGER } from "../domain/asker.ts";
import type { WebContext } from "./client/web_context.ts";
import type { AboutJson } from "./protocol.ts";
import { connectCommand, hostForVisitor, type WayIn } from "./ways_in.ts";

/** How the server presents itself. */
export interface ServerFacts {
  /** What it is, in one line. */
  readonly description: string;
  readonly waysIn: readonly WayIn[];
}

/** People who are named. */
const MOST_NAMES = 8;
/** Rooms in which they are looked for. */
const MOST_ROOMS = 50;

/** @param visited The host in the URL of the request. */
export function aboutServer(
  { chat }: WebContext,
  { description, waysIn }: ServerFacts,
  { visited, address }: { readonly visited: string; readonly address?: string },
): AboutJson {
  const { access, serverPassword, people } = chat;
  const commands = waysIn.flatMap((way) => {
    const host = hostForVisitor(way, visited);
    return (host === undefined ? undefined : connectCommand(way, host)) ?? [];
  });
  const about = {
    description,
    access: access.isClosed ? "accounts" : "open",
    hasPassword: serverPassword !== undefined,
    commands,
  } as const;
  // Only those who may enter are told who is here.
  if (access.isClosed || serverPassword) return about;
  const names = new Set<string>();
  for (const { members } of chat.archive.for({ ...STRANGER, address }).open.slice(0, MOST_ROOMS)) {
    for (const { nickname } of members) {
      if (names.size === MOST_NAMES) break;
      names.add(nickname);
    }
  }
  return { ...about, count: people.size, names: [...names] };
}

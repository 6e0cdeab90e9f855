/**
 * What a client of the WebSocket can ask: messages that are answered, and change nothing.
 *
 * @module
 */

import type { Fields } from "./fields.ts";
import type { Ref, ServerMessage } from "./protocol.ts";
import { refusalOf } from "./refusal.ts";
import type { WebContext } from "./web_context.ts";
import type { WebScreen } from "./web_screen.ts";

/** Deals with a message of one type. */
export type Handler = (fields: Fields, ref: Ref | undefined) => Promise<void> | void;

/** Handlers for all questions of one client, by type. */
export function questions(
  { queries, chat, people }: WebContext,
  screen: WebScreen,
): Record<string, Handler> {
  let searching: Promise<void> | undefined;

  /** Sends an answer of any size; waits where there is no room for it. */
  const answer = async (message: ServerMessage): Promise<void> => {
    while (!screen.send(message)) {
      if (!await screen.drained()) return;
    }
  };

  const find = async (fields: Fields, ref: Ref | undefined): Promise<void> => {
    try {
      await answer({ type: "found", ref, ...await queries.search(fields.text("query"), fields) });
    } catch (error) {
      screen.sendSurely(refusalOf(error, ref));
    }
  };

  return {
    history: async (fields, ref) => {
      const room = fields.text("room");
      const history = await queries.history(room, fields, { isMember: true });
      await answer({ type: "history", ref, ...history });
    },
    search: async (fields, ref) => {
      await searching; // one at a time for each client
      searching = find(fields, ref);
    },
    rooms: async (_fields, ref) => {
      await answer({ type: "rooms", ref, rooms: await queries.list() });
    },
    members: async (fields, ref) => {
      const { name } = await queries.find(fields.text("room"));
      const room = chat.registry.find(name);
      const list = room ? people.list(room) : { count: 0, members: [] };
      await answer({ type: "members", ref, room: name, ...list });
    },
    ping: async (_fields, ref) => {
      await answer({ type: "pong", ref, at: new Date().toISOString() });
    },
  };
}

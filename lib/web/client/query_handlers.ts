/**
 * WebSocket messages that only read: each gets an answer and changes nothing.
 *
 * @module
 */

import type { MissedTalk } from "../../domain/history/missed_talk.ts";
import { findMissed } from "../../service/chat/rooms/missed_notice.ts";
import { EVENT_NUMBERS, type Fields } from "../fields.ts";
import { toErrorMessage } from "../http/problem.ts";
import type { MissedJson, Ref } from "../protocol.ts";
import type { HandlerContext, Handlers } from "./handler.ts";
import { toRoomSettings } from "./room_settings.ts";

/** Rooms that one request can ask about, and people named of each. */
const MOST_MISSED = 10;
const MOST_NAMED = 5;

/** Handlers for one client, by message type. */
export function queryHandlers({ web, screen, person }: HandlerContext): Handlers {
  const { sees, member } = person;
  const { people, chat } = web;
  const queries = web.queries(sees);
  let searching: Promise<void> | undefined;

  const find = async (fields: Fields, ref: Ref | undefined): Promise<void> => {
    try {
      await screen.answer({
        type: "found",
        ref,
        ...await queries.search(fields.text("query"), fields),
      });
    } catch (error) {
      screen.answer(toErrorMessage(error, ref));
    }
  };

  return {
    history: async (fields, ref) => {
      const room = fields.text("room");
      const history = await queries.history(room, fields, { isMember: true });
      await screen.answer({ type: "history", ref, ...history });
    },
    search: async (fields, ref) => {
      await searching; // one at a time per client
      searching = find(fields, ref);
    },
    rooms: async (_fields, ref) => {
      await screen.answer({ type: "rooms", ref, rooms: await queries.list() });
    },
    members: async (fields, ref) => {
      const { name } = await queries.findCalled(fields.text("room"));
      const room = sees.find(name);
      const list = room ? people.list(room) : { count: 0, members: [] };
      await screen.answer({ type: "members", ref, room: name, ...list });
    },
    "room-settings": async (fields, ref) => {
      const { name } = await queries.findCalled(fields.text("room"));
      const { access, moderation } = chat;
      const options = { access, member, open: sees.find(name), now: moderation.now() };
      await screen.answer({ type: "room-settings", ref, ...toRoomSettings(name, options) });
    },
    missed: async (fields, ref) => {
      const rooms = fields.optionalList("rooms", MOST_MISSED) ?? [];
      const marks = rooms.map((room) =>
        [sees.parseName(room.text("room")), room.number("after", EVENT_NUMBERS)] as const
      );
      const missed = await findMissed(person, marks, { isShown: false });
      await screen.answer({ type: "missed", ref, rooms: missed.map(toMissedJson) });
    },
    pins: async (fields, ref) => {
      await screen.answer({ type: "pins", ref, ...await queries.pins(fields.text("room")) });
    },
    ping: async (_fields, ref) => {
      await screen.answer({ type: "pong", ref, at: new Date().toISOString() });
    },
  };
}

function toMissedJson({ people, since, ...rest }: MissedTalk): MissedJson {
  return {
    ...rest,
    people: people.slice(0, MOST_NAMED),
    count: people.length,
    since: new Date(since).toISOString(),
  };
}

import { DomainError } from "../../../domain/domain_error.ts";
import { parseRoomName } from "../../../domain/name.ts";
import type { RoomStream } from "../../../domain/rooms/room_stream.ts";
import type { ChatSession } from "../chat_session.ts";
import type { ChatCommand } from "../command.ts";

export const go: ChatCommand = {
  name: "go",
  usage: "/go [NUMBER or ROOM]",
  summary: "switch to another of your rooms, or to the next with something unread",
  details: "Rooms are numbered in the order in which you joined them. At a terminal, Alt-1 to " +
    "Alt-9 do the same, and Alt-A switches to the next room with something unread.",
  run(person, argument) {
    if (!person.screen.unread) return person.error("Choose the room in the list.");
    const room = argument === "" ? nextRoom(person) : findRoom(person, argument);
    if (!person.visits.switchTo(room)) person.notice(`You are now talking in #${room.name}.`);
  },
};

function nextRoom({ rooms, currentRoom, screen }: ChatSession): RoomStream {
  const room = screen.unread?.next(rooms, currentRoom);
  if (room) return room;
  throw new DomainError("not-in-room", "Nothing is unread in your other rooms.");
}

function findRoom(person: ChatSession, word: string): RoomStream {
  const { rooms } = person;
  const numbered = /^\d{1,2}$/.test(word) ? rooms[Number(word) - 1] : undefined;
  const room = numbered ?? person.findCalled(parseRoomName(word));
  if (room) return room;
  const list = rooms.map(({ name }, index) => `${index + 1} #${name}`).join(", ");
  throw new DomainError(
    "not-in-room",
    list === "" ? "You are not in any room. Join one with /join ROOM." : `Your rooms are ${list}.`,
  );
}

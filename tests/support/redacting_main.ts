/** The program, in which saying `redact 12` redacts that number of the room. */

import { redactionDraft } from "../../lib/domain/redaction.ts";
import { RoomRegistry } from "../../lib/domain/rooms/room_registry.ts";

const { say } = RoomRegistry.prototype;

RoomRegistry.prototype.say = function (member, room, kind, body): void {
  const of = /^redact (\d+)$/.exec(body)?.[1];
  if (of === undefined) return say.call(this, member, room, kind, body);
  const { nickname: from, via } = member;
  this.record(member, room.name, [
    redactionDraft({ room: room.name, from, of: Number(of), why: "test", via }),
  ]);
};

await import("../../main.ts");

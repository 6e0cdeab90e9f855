import { DomainError } from "../../../domain/domain_error.ts";
import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { answerAct, resolveTarget } from "../moderation_target.ts";

export const kick: ChatCommand = {
  name: "kick",
  usage: "/kick NAME [REASON]",
  summary: "send somebody out of this room",
  details: "They may come back; /ban keeps them out. For moderators.",
  async run(person, argument) {
    const room = person.requireRoom();
    const [name, reason] = splitWord(argument);
    if (name === "") return showUsage(person, kick);
    const { access, moderation } = person.chat;
    access.require(person.member, room.name, "moderate");
    if (!person.findPerson(name).findRoom(room.name)) {
      throw new DomainError("no-such-person", `${name} is not in #${room.name}.`);
    }
    const target = resolveTarget(person, name);
    const text = reason.normalize("NFC");
    answerAct(person, await moderation.sanctions.kick(person.member, room.name, target, text));
  },
};

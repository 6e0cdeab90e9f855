import { type ChatCommand, showUsage } from "../command.ts";
import { answerAct } from "../moderation_target.ts";

export const undo: ChatCommand = {
  name: "undo",
  usage: "/undo #SEQ",
  summary: "take back an act of moderation",
  details: "The answer to each act names its number, and so does #moderation, which operators of " +
    "the server can join. You need the role that the act needed.",
  async run(person, argument) {
    const [, seq] = /^(?:#?moderation)?#?(\d{1,15})$/i.exec(argument) ?? [];
    if (seq === undefined) return showUsage(person, undo);
    answerAct(person, await person.chat.moderation.undo(person.member, Number(seq)));
  },
};

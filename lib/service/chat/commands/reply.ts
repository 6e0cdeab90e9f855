import { type ChatCommand, showUsage } from "../command.ts";
import { sendPrivately } from "./msg.ts";

export const reply: ChatCommand = {
  name: "reply",
  usage: "/reply TEXT",
  summary: "answer whoever wrote to you privately last",
  run(person, argument) {
    if (argument === "") return showUsage(person, reply);
    const { correspondent } = person;
    if (correspondent === undefined) {
      return person.error(
        "Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
      );
    }
    // Not whoever has the name now: an answer is for the one who asked.
    if (correspondent.hasDeparted) {
      return person.error(
        `${correspondent.nickname} has left. /msg NAME TEXT writes to somebody else.`,
      );
    }
    sendPrivately(person, correspondent, argument);
  },
};

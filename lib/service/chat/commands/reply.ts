import { type ChatCommand, showUsage } from "../command.ts";
import { sendPrivately } from "./msg.ts";

export const reply: ChatCommand = {
  name: "reply",
  usage: "/reply TEXT",
  summary: "answer whoever wrote to you privately last",
  run(person, argument) {
    if (argument === "") return showUsage(person, reply);
    if (person.correspondent === undefined) {
      return person.error(
        "Nobody has written to you privately. /msg NAME TEXT writes to somebody.",
      );
    }
    sendPrivately(person, person.findPerson(person.correspondent), argument);
  },
};

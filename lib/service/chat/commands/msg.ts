import { type ChatCommand, showUsage, splitWord } from "../command.ts";
import { sendPrivately } from "../private_messages.ts";

export const msg: ChatCommand = {
  name: "msg",
  aliases: ["query", "w"],
  usage: "/msg NAME TEXT",
  summary: "say something to one person only",
  details: "Private messages are delivered, but not stored in any log.",
  run(person, argument) {
    const [name, text] = splitWord(argument);
    if (text === "") return showUsage(person, msg);
    sendPrivately(person, person.findPerson(name), text);
  },
};

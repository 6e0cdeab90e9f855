import { type ChatCommand, showUsage } from "../command.ts";
import { replyPrivately } from "../private_messages.ts";

export const reply: ChatCommand = {
  name: "reply",
  usage: "/reply TEXT",
  takesBlock: true,
  summary: "reply to the person who messaged you last",
  async run(person, argument) {
    if (argument === "") return showUsage(person, reply);
    await replyPrivately(person, argument);
  },
};

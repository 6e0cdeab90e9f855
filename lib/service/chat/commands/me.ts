import { roomOf } from "../addressee.ts";
import { type ChatCommand, showUsage } from "../command.ts";

export const me: ChatCommand = {
  name: "me",
  usage: "/me TEXT",
  addressee: roomOf,
  summary: "say what you are doing: /me waves",
  run(person, argument) {
    if (argument === "") return showUsage(person, me);
    person.speech.say("action", argument);
  },
};

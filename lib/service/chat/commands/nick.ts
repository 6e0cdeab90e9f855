import { type ChatCommand, showUsage } from "../command.ts";
import { askForName } from "../login/ask_for_name.ts";

export const nick: ChatCommand = {
  name: "nick",
  usage: "/nick NAME",
  summary: "change your name",
  details: "Names have 1 to 32 letters, digits, _ - or .",
  async run(person, argument) {
    if (argument === "") return showUsage(person, nick);
    const { nickname: before } = person;
    if (!await askForName(person, argument)) return;
    const { nickname: after } = person;
    person.notice(after === before ? `You are already ${after}.` : `You are ${after}.`);
  },
};

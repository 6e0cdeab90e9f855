import type { ChatCommand } from "../command.ts";

export const quit: ChatCommand = {
  name: "quit",
  usage: "/quit [TEXT]",
  summary: "leave the server, with a parting message if you like",
  async run(person, argument) {
    person.keepSecret(argument);
    await person.depart(argument.normalize("NFC"));
    person.notice("Goodbye.");
    person.screen.end();
  },
};

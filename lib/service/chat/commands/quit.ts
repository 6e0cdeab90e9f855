import type { ChatCommand } from "../command.ts";
import { keepSecret } from "../speech/said_text.ts";

export const quit: ChatCommand = {
  name: "quit",
  usage: "/quit [TEXT]",
  summary: "leave the server, with a parting message if you like",
  async run(person, argument) {
    keepSecret(person, argument);
    await person.depart(argument.normalize("NFC"), true);
    person.notice("Goodbye.");
    person.screen.end();
  },
};

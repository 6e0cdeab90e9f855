import { keepSecret } from "../../chat/speech/said_text.ts";
import type { Verb } from "../verb.ts";

export const QUIT: Verb = {
  name: "QUIT",
  isEarly: true,
  help: ["QUIT [:TEXT] - leaves the server, with a parting message if you like"],
  async run(client, { params: [text = ""] }) {
    const { person } = client;
    keepSecret(person, text);
    await client.leave(text.normalize("NFC"), text === "" ? "Goodbye." : `Quit: ${text}`, true);
  },
};

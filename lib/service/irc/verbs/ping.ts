import type { Verb } from "../verb.ts";

/** The answer comes after all that the client's earlier lines have caused. */
export const PING: Verb = {
  name: "PING",
  isEarly: true,
  help: ["PING TEXT - is answered with PONG once all that you sent before has been done"],
  run(client, { params: [text = ""] }) {
    if (text === "") return client.reply("409", "No origin specified. Use PING TEXT.");
    const { serverName: source } = client.irc.settings;
    client.send({ source, verb: "PONG", params: [source, text], trailing: true });
  },
};

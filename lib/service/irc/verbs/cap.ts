import { Buffer } from "node:buffer";
import { MAX_BODY_BYTES } from "../../../codec/irc_message.ts";
import type { IrcClient } from "../irc_door.ts";
import { type Capability, offeredCapabilities } from "../capabilities.ts";
import type { Verb } from "../verb.ts";

/** The version of the negotiation from which on capabilities have values. */
const WITH_VALUES = 302;

/** Capability negotiation (IRCv3). */
export const CAP: Verb = {
  name: "CAP",
  minParams: 1,
  isEarly: true,
  help: ["CAP LS [302] | LIST | REQ :NAMES | END - negotiates what your client can do"],
  async run(client, { params: [subcommand, argument = ""] }) {
    const { registration } = client;
    switch (subcommand.toUpperCase()) {
      case "LS": {
        if (!client.isRegistered) registration.isNegotiating = true;
        if (Number(argument) >= WITH_VALUES) {
          registration.knowsValues = true;
          // Such clients are told when capabilities come and go.
          client.caps = new Set([...client.caps, "cap-notify"]);
        }
        // CAP LS without a version gets no values, whatever the client supports.
        const hasValues = Number(argument) >= WITH_VALUES;
        const names = offeredCapabilities(client)
          .filter(({ isNews }) => hasValues || !isNews)
          .map((capability) => hasValues ? withValue(client, capability) : capability.name);
        return sendList(client, "LS", names, registration.knowsValues);
      }
      case "LIST":
        return sendList(client, "LIST", [...client.caps], registration.knowsValues);
      case "REQ":
        if (!client.isRegistered) registration.isNegotiating = true;
        return request(client, argument);
      case "END":
        if (!client.isRegistered && client.sasl.isOpen) client.sasl.abort();
        registration.isNegotiating = false;
        return await registration.complete();
      default:
        client.reply("410", subcommand, "Invalid CAP command. Use LS, LIST, REQ or END.");
    }
  },
};

function withValue(client: IrcClient, { name, value }: Capability): string {
  const text = value?.(client.irc, client);
  return text === undefined ? name : `${name}=${text}`;
}

/** @param isSplit Whether the client understands a list in several lines. */
function sendList(
  client: IrcClient,
  subcommand: string,
  names: readonly string[],
  isSplit: boolean,
): void {
  const { nick, irc: { settings: { serverName } } } = client;
  const room = MAX_BODY_BYTES - Buffer.byteLength(`:${serverName} CAP ${nick} ${subcommand} * :`);
  const lines = [""];
  for (const name of names) {
    const line = lines[lines.length - 1];
    if (isSplit && line.length + 1 + name.length > room) lines.push(name);
    else lines[lines.length - 1] = line === "" ? name : `${line} ${name}`;
  }
  lines.forEach((line, index) => {
    const more = index < lines.length - 1 ? ["*"] : [];
    send(client, subcommand, ...more, line);
  });
}

/** All that is asked for is granted, or nothing. */
function request(client: IrcClient, argument: string): void {
  const asked = offeredCapabilities(client).filter(({ isNews }) => !isNews);
  const offered = new Set(asked.map(({ name }) => name));
  const caps = new Set(client.caps);
  for (const item of argument.split(" ").filter((item) => item !== "")) {
    const name = item.replace(/^-/, "");
    // Those who know values are told when capabilities come and go, and cannot refuse that.
    const isKept = item === "-cap-notify" && client.registration.knowsValues;
    if (!offered.has(name) || isKept) return send(client, "NAK", argument);
    if (item.startsWith("-")) caps.delete(name);
    else caps.add(name);
  }
  client.caps = caps;
  send(client, "ACK", argument);
}

function send(client: IrcClient, subcommand: string, ...params: string[]): void {
  const { nick, irc: { settings: { serverName: source } } } = client;
  client.send({ source, verb: "CAP", params: [nick, subcommand, ...params], trailing: true });
}

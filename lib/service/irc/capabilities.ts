/**
 * The IRCv3 capabilities of the server. A new one is a line here; all together must fit one line of
 * IRC, because some clients read no more.
 *
 * @module
 */

import type { IrcClient, IrcContext } from "./irc_door.ts";

export interface Capability {
  readonly name: string;
  /** Its value for clients that know version 302 of the negotiation; absent for none. */
  value?(irc: IrcContext, client: IrcClient): string | undefined;
  /** Whether it can be offered. @default {always} */
  isOffered?(irc: IrcContext, client: IrcClient): boolean;
  /** Whether it only tells something, and only to clients that know values; nobody asks for it. */
  readonly isNews?: boolean;
}

const CAPABILITIES: readonly Capability[] = [
  { name: "account-notify" },
  { name: "account-tag" },
  { name: "away-notify" },
  { name: "batch" },
  { name: "cap-notify" },
  // Clients expect it; we never send it, because the host of a session never changes.
  { name: "chghost" },
  {
    name: "draft/account-registration",
    value: () => "before-connect",
    isOffered: ({ chat }) => !chat.access.isClosed,
  },
  { name: "draft/channel-rename" },
  { name: "draft/chathistory" },
  { name: "draft/event-playback" },
  { name: "draft/message-redaction" },
  {
    name: "draft/multiline",
    value: ({ chat: { blocks } }) => `max-bytes=${blocks.bytes},max-lines=${blocks.lines}`,
  },
  { name: "draft/read-marker" },
  { name: "draft/search", isOffered: canSearch },
  { name: "echo-message" },
  { name: "extended-join" },
  { name: "extended-monitor" },
  { name: "invite-notify" },
  { name: "labeled-response" },
  { name: "message-tags" },
  { name: "multi-prefix" },
  { name: "no-implicit-names" },
  { name: "sasl", value: (_irc, { sasl }) => sasl.mechanisms.join(",") },
  { name: "server-time" },
  { name: "setname" },
  { name: "soju.im/search", isOffered: canSearch },
  { name: "standard-replies" },
  {
    name: "sts",
    isNews: true,
    value: (irc, client) => strictTransport(irc, client),
    isOffered: (irc, client) => strictTransport(irc, client) !== undefined,
  },
  { name: "userhost-in-names" },
];

/** The capabilities that a client is told of. */
export function offeredCapabilities(client: IrcClient): Capability[] {
  return CAPABILITIES.filter(({ isOffered }) => isOffered?.(client.irc, client) ?? true);
}

/** The policy for a client: where TLS is, or for how long to use nothing else. */
function strictTransport({ settings: { sts } }: IrcContext, client: IrcClient): string | undefined {
  if (!sts) return undefined;
  const { transport } = client.member.context;
  if (transport === "tls") return `duration=${sts.seconds}`;
  return transport === "tcp" ? `port=${sts.port}` : undefined;
}

function canSearch(_irc: IrcContext, { person }: IrcClient): boolean {
  return person.sees.search !== undefined;
}

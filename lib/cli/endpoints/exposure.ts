/**
 * Who can reach the server, and what they can do there, for the person who starts it.
 *
 * @module
 */

import { type AddressList, AddressRange } from "../../domain/access/rules/address_range.ts";
import type { Listener } from "../../transport/connection.ts";
import type { OpenBinding } from "./listeners.ts";

/** The doors of a running server, and what they ask for. */
export interface Doors {
  readonly listeners: readonly OpenBinding[];
  /** The listener of the web page, unless that is off. */
  readonly web?: Listener;
  /** The addresses that the web page is open to. @default {all} */
  readonly webAllow?: AddressList;
  /** The listener of the metrics, if they have one, and the addresses that it is open to. */
  readonly metricsPort?: Listener;
  readonly metricsAllow?: AddressList;
  readonly access: "open" | "accounts";
  readonly sharedPassword?: string;
}

/** One or two sentences that hold for as long as the settings stay the same. */
export interface StandingNote {
  /** Whether something should be done about it. */
  readonly isWarning: boolean;
  readonly text: string;
}

interface Door {
  readonly service: string;
  readonly endpoint: string;
  readonly allow?: AddressList;
  /** Whether log senders need a token there. */
  readonly needsToken?: boolean;
}

/** Where people talk, and are asked for names and passwords. */
const TALK: readonly string[] = ["chat", "irc", "web"];
const METRICS = "metrics";
/** The schemes that anyone on the way can read. */
const PLAIN = /^(?:telnet|tcp|http):/;
const LOOPBACK = [AddressRange.parse("127.0.0.0/8"), AddressRange.parse("::1")];

/** A note for each group of doors that are open to the same machines; nothing about loopback. */
export function* exposureNotes(doors: Doors): Generator<StandingNote> {
  const exposed = exposedDoors(doors);
  const groups = Map.groupBy(exposed, ({ allow }) => allow ? `${allow}` : "");
  for (const [allow, group] of groups) yield describe(group, allow, doors);
  const plain = exposed.filter(({ service, endpoint }) =>
    TALK.includes(service) && PLAIN.test(endpoint)
  );
  if (asksFor(doors) === undefined || plain.length === 0) return;
  yield {
    isWarning: true,
    text: `Passwords can be read on the way to ${list(plain)}. ` +
      "Use telnets://, tls:// or https:// instead, or a proxy that encrypts.",
  };
}

function exposedDoors(
  { listeners, web, webAllow, metricsPort, metricsAllow }: Doors,
): Door[] {
  const doors: Door[] = listeners.map(({ binding: { service, allow, endpoint }, listener }) => {
    const needsToken = endpoint.options.get("token") === "required";
    return { service, allow, endpoint: listener.endpoint, needsToken };
  });
  if (web) doors.push({ service: "web", allow: webAllow, endpoint: `${web.endpoint}/` });
  if (metricsPort) {
    const { endpoint } = metricsPort;
    doors.push({ service: METRICS, allow: metricsAllow, endpoint: `${endpoint}/metrics` });
  }
  return doors.flatMap((door) => {
    const ranges = door.allow?.ranges;
    if (isLocal(door.endpoint) || ranges?.every(isLoopback)) return [];
    // Nobody is left out.
    return [ranges?.some(({ isWhole }) => isWhole) ? { ...door, allow: undefined } : door];
  });
}

/** @param allow The addresses that the group is open to; `""` for all. */
function describe(group: readonly Door[], allow: string, doors: Doors): StandingNote {
  const required = asksFor(doors);
  const talk = group.some(({ service }) => TALK.includes(service)) ? [READ_AND_WRITE] : [];
  const other = [
    ...(group.some(isOpenLogger) ? ["write log lines"] : []),
    ...(group.some(({ service }) => service === METRICS) ? ["read metrics"] : []),
    ...useOf(group),
  ];
  const anyone = allow === "" ? "Anyone who can reach this machine" : "Anyone at these addresses";
  const isTalkGuarded = required !== undefined || talk.length === 0;
  const open = isTalkGuarded ? other : [...talk, ...other];
  const guardedLoggers = group.filter(({ needsToken }) => needsToken);
  const sentences = [
    ...(isTalkGuarded && talk.length > 0
      ? [`Only people with ${required} can ${READ_AND_WRITE}.`]
      : []),
    ...(guardedLoggers.length > 0
      ? [`Only senders with a token can write to ${list(guardedLoggers)}.`]
      : []),
    ...(open.length > 0 ? [`${anyone} can ${and(open)}.`] : []),
  ];
  const isGuarded = open.length === 0;
  const isWarning = allow === "" && !isGuarded;
  if (isWarning) {
    const advice = talk.length > 0 && required === undefined
      ? ", or start with --access accounts or --password-file FILE"
      : "";
    sentences.push(
      "To let fewer in, add their addresses to the endpoint, as in " +
        `${withAllow(group[0].endpoint)}${advice}.`,
    );
  }
  const audience = allow === "" ? "all addresses" : allow;
  return { isWarning, text: `Open to ${audience}: ${list(group)}. ${sentences.join(" ")}` };
}

const READ_AND_WRITE = "read and write every room that is not private";

/** What people must have to enter; `undefined` if they are asked for nothing. */
function asksFor({ access, sharedPassword }: Doors): string | undefined {
  const needs = [
    ...(access === "accounts" ? ["an account"] : []),
    ...(sharedPassword === undefined ? [] : ["the password"]),
  ];
  return needs.length === 0 ? undefined : and(needs);
}

function useOf(group: readonly Door[]): string[] {
  const small = group.map(({ service }) => service)
    .filter((service) => !["logger", METRICS, ...TALK].includes(service));
  return small.length === 0 ? [] : [`use ${and([...new Set(small)])}`];
}

function isOpenLogger({ service, needsToken }: Door): boolean {
  return service === "logger" && !needsToken;
}

/** Whether only this machine can reach an endpoint. */
function isLocal(endpoint: string): boolean {
  if (/^unix(gram)?:/.test(endpoint)) return true;
  const { hostname } = new URL(endpoint.replace(/^\w+/, "http"));
  const address = hostname.replace(/^\[|\]$/g, "");
  return address === "localhost" || LOOPBACK.some((range) => range.matches(address));
}

function isLoopback(range: AddressRange): boolean {
  return LOOPBACK.some((loopback) => loopback.contains(range));
}

function withAllow(endpoint: string): string {
  return `${endpoint.replace(/\/$/, "")}?allow=10.0.0.0/8`;
}

function list(doors: readonly Door[]): string {
  return doors.map(({ service, endpoint }) => `${service} ${endpoint}`).join(", ");
}

function and(words: readonly string[]): string {
  return words.join(", ").replace(/, ([^,]*)$/, " and $1");
}

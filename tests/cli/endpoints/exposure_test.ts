import { assertEquals } from "@std/assert";
import { type Doors, exposureNotes } from "../../../lib/cli/endpoints/exposure.ts";
import type { OpenBinding } from "../../../lib/cli/endpoints/listeners.ts";
import { AddressList } from "../../../lib/domain/access/rules/address_range.ts";
import type { Listener } from "../../../lib/transport/connection.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";

function listener(endpoint: string): Listener {
  return { endpoint, accept: () => Promise.reject(new Error("unused")), close: () => {} };
}

/** Open listeners, written as `SERVICE=ENDPOINT`. */
function open(...texts: string[]): OpenBinding[] {
  return texts.map((text) => {
    const [, service, address] = /^(\w+)=([^?]*)/.exec(text)!;
    const endpoint = parseEndpoint(text.slice(service.length + 1));
    const allow = endpoint.allow === undefined ? undefined : AddressList.parse(endpoint.allow);
    return { binding: { service, endpoint, allow }, kind: "stream", listener: listener(address) };
  });
}

/** The notes, warnings with a `!` before them. */
function notes(texts: readonly string[], doors: Partial<Doors> = {}): string[] {
  const given = { listeners: open(...texts), access: "open" as const, ...doors };
  return Array.from(exposureNotes(given), ({ isWarning, text }) => (isWarning ? "! " : "") + text);
}

const ADVICE = "To let fewer in, add their addresses to the endpoint, as in";
const OR = ", or start with --access accounts or --password-file FILE.";
const ROOMS = "read and write every room that is not private";
const ACCOUNTS = { access: "accounts" } as const;
const PASSWORD = { sharedPassword: "correct horse" };

Deno.test("exposureNotes() says nothing about listeners that only this machine can reach", () => {
  const local = [
    "chat=telnet://127.0.0.1:1",
    "chat=tcp://127.8.0.1:2",
    "chat=tcp://[::1]:3",
    "chat=tcp://[0:0:0:0:0:0:0:1]:3",
    "chat=tcp://[::ffff:127.0.0.1]:3",
    "chat=tcp://localhost:4",
    "logger=unix:///run/log",
    "logger=unixgram:///run/log2",
    "chat=tcp://0.0.0.0:5?allow=127.0.0.1,::1",
    "logger=udp://[::]:6?allow=127.0.0.0/8,::ffff:127.1.0.0/112",
  ];
  for (const doors of [{}, ACCOUNTS, PASSWORD]) {
    assertEquals(notes(local, { ...doors, web: listener("http://127.0.0.1:8080") }), []);
  }
  const webAllow = AddressList.parse("127.0.0.1");
  assertEquals(notes([], { web: listener("http://[::]:8080"), webAllow }), []);
});

Deno.test("exposureNotes() warns of every host but loopback", () => {
  for (
    const address of [
      "0.0.0.0:1",
      "[::]:1",
      "[0:0:0:0:0:0:0:0]:1",
      "[::ffff:0.0.0.0]:1",
      "192.0.2.7:1",
      "[2001:db8::1]:1",
      "[fe80::1]:1",
      "128.0.0.1:1",
      "chat.example.org:1",
      "localhost.example.org:1",
    ]
  ) {
    assertEquals(notes([`chat=telnet://${address}`]), [
      `! Open to all addresses: chat telnet://${address}. Anyone who can reach this machine can ` +
      `${ROOMS}. ${ADVICE} telnet://${address}?allow=10.0.0.0/8${OR}`,
    ]);
    assertEquals(notes([`logger=udp://${address}`]), [
      `! Open to all addresses: logger udp://${address}. Anyone who can reach this machine can ` +
      `write log lines. ${ADVICE} udp://${address}?allow=10.0.0.0/8.`,
    ]);
    assertEquals(notes([], { web: listener(`http://${address}`) }), [
      `! Open to all addresses: web http://${address}/. Anyone who can reach this machine can ` +
      `${ROOMS}. ${ADVICE} http://${address}?allow=10.0.0.0/8${OR}`,
    ]);
  }
});

Deno.test("exposureNotes() says what can be done at all of them together", () => {
  const all = ["echo=tcp://0.0.0.0:1", "chat=tls://0.0.0.0:2?cert=a,key=b", "logger=udp://[::]:3"];
  const list = "echo tcp://0.0.0.0:1, chat tls://0.0.0.0:2, logger udp://[::]:3";
  assertEquals(notes([...all, "bank=tcp://0.0.0.0:4", "bank=tcp://127.0.0.1:4"]), [
    `! Open to all addresses: ${list}, bank tcp://0.0.0.0:4. Anyone who can reach this machine ` +
    `can ${ROOMS}, write log lines and use echo and bank. ` +
    `${ADVICE} tcp://0.0.0.0:1?allow=10.0.0.0/8${OR}`,
  ]);
  assertEquals(notes(all, ACCOUNTS), [
    `! Open to all addresses: ${list}. Only people with an account can ${ROOMS}. Anyone who can ` +
    `reach this machine can write log lines and use echo. ` +
    `${ADVICE} tcp://0.0.0.0:1?allow=10.0.0.0/8.`,
  ]);
});

Deno.test("exposureNotes() says for whom the ranges of allow= are open, without a warning", () => {
  const lines = [
    "chat=telnet://0.0.0.0:1?allow=10.1.0.0/8,::1",
    "logger=tcp://[::]:2?allow=10.0.0.0/8,::1",
    "bank=tcp://[::]:3?allow=192.0.2.7",
  ];
  const webAllow = AddressList.parse("10.0.0.0/8");
  assertEquals(notes(lines, { web: listener("https://[::]:443"), webAllow }), [
    "Open to 10.0.0.0/8, ::1: chat telnet://0.0.0.0:1, logger tcp://[::]:2. Anyone at these " +
    `addresses can ${ROOMS} and write log lines.`,
    "Open to 192.0.2.7: bank tcp://[::]:3. Anyone at these addresses can use bank.",
    `Open to 10.0.0.0/8: web https://[::]:443/. Anyone at these addresses can ${ROOMS}.`,
  ]);
});

Deno.test("exposureNotes() counts allow=0.0.0.0/0 and ::/0 as open to all", () => {
  for (const allow of ["0.0.0.0/0", "::/0", "10.0.0.0/8,::/0", "::ffff:0:0/96"]) {
    assertEquals(notes([`chat=tcp://[::]:1?allow=${allow}`]), [
      `! Open to all addresses: chat tcp://[::]:1. Anyone who can reach this machine can ${ROOMS}. ` +
      `${ADVICE} tcp://[::]:1?allow=10.0.0.0/8${OR}`,
    ]);
  }
});

Deno.test("exposureNotes() names what is asked for, and warns of passwords on plain ports", () => {
  const chat = ["chat=telnet://[::]:1", "chat=telnets://[::]:2?cert=a,key=b"];
  const web = listener("http://[::]:80");
  for (
    const [doors, needs] of [
      [ACCOUNTS, "an account"],
      [PASSWORD, "the password"],
      [{ ...ACCOUNTS, ...PASSWORD }, "an account and the password"],
    ] as const
  ) {
    assertEquals(notes(chat, { ...doors, web }), [
      "Open to all addresses: chat telnet://[::]:1, chat telnets://[::]:2, web http://[::]:80/. " +
      `Only people with ${needs} can ${ROOMS}.`,
      "! Passwords can be read on the way to chat telnet://[::]:1, web http://[::]:80/. Use " +
      "telnets://, tls:// or https:// instead, or a proxy that encrypts.",
    ]);
    assertEquals(notes(chat.slice(1), doors), [
      `Open to all addresses: chat telnets://[::]:2. Only people with ${needs} can ${ROOMS}.`,
    ]);
    assertEquals(notes(["logger=tcp://[::]:1"], doors), [
      "! Open to all addresses: logger tcp://[::]:1. Anyone who can reach this machine can write " +
      `log lines. ${ADVICE} tcp://[::]:1?allow=10.0.0.0/8.`,
    ]);
  }
  assertEquals(notes(["chat=tcp://[::]:1?allow=10.0.0.0/8"], ACCOUNTS), [
    `Open to 10.0.0.0/8: chat tcp://[::]:1. Only people with an account can ${ROOMS}.`,
    "! Passwords can be read on the way to chat tcp://[::]:1. Use telnets://, tls:// or https:// " +
    "instead, or a proxy that encrypts.",
  ]);
});

Deno.test("exposureNotes() tells loggers that demand a token from others", () => {
  const guarded = "logger=tcp://[::]:1?token=required";
  const only = "Only senders with a token can write to logger tcp://[::]:1.";
  assertEquals(notes([guarded]), [`Open to all addresses: logger tcp://[::]:1. ${only}`]);
  assertEquals(notes([guarded, "logger=tcp://[::]:2?token=optional"]), [
    `! Open to all addresses: logger tcp://[::]:1, logger tcp://[::]:2. ${only} Anyone who can ` +
    `reach this machine can write log lines. ${ADVICE} tcp://[::]:1?allow=10.0.0.0/8.`,
  ]);
});

Deno.test("exposureNotes() counts IRC as talk", () => {
  assertEquals(notes(["irc=tcp://0.0.0.0:1"]), [
    `! Open to all addresses: irc tcp://0.0.0.0:1. Anyone who can reach this machine can ${ROOMS}. ` +
    `${ADVICE} tcp://0.0.0.0:1?allow=10.0.0.0/8${OR}`,
  ]);
  assertEquals(notes(["irc=tls://0.0.0.0:1?cert=a,key=b", "irc=tcp://0.0.0.0:2"], ACCOUNTS), [
    `Open to all addresses: irc tls://0.0.0.0:1, irc tcp://0.0.0.0:2. Only people with an account ` +
    `can ${ROOMS}.`,
    "! Passwords can be read on the way to irc tcp://0.0.0.0:2. Use telnets://, tls:// or https:// " +
    "instead, or a proxy that encrypts.",
  ]);
});

Deno.test("exposureNotes() says who can read the metrics on a port of their own", () => {
  const metricsPort = listener("http://0.0.0.0:9464");
  assertEquals(notes([], { metricsPort }), [
    "! Open to all addresses: metrics http://0.0.0.0:9464/metrics. Anyone who can reach this " +
    `machine can read metrics. ${ADVICE} http://0.0.0.0:9464/metrics?allow=10.0.0.0/8.`,
  ]);
  const metricsAllow = AddressList.parse("10.0.0.0/8");
  assertEquals(notes([], { metricsPort, metricsAllow }), [
    "Open to 10.0.0.0/8: metrics http://0.0.0.0:9464/metrics. Anyone at these addresses can read " +
    "metrics.",
  ]);
});

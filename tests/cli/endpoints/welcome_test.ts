import { assertEquals } from "@std/assert";
import type { OpenBinding } from "../../../lib/cli/endpoints/listeners.ts";
import { startHints } from "../../../lib/cli/endpoints/welcome.ts";
import type { Listener } from "../../../lib/transport/connection.ts";
import { parseEndpoint } from "../../../lib/transport/endpoint.ts";

function listener(endpoint: string): Listener {
  return { endpoint, accept: () => Promise.reject(new Error("unused")), close: () => {} };
}

/** Open listeners, written as `SERVICE=ENDPOINT`. */
function open(...texts: string[]): OpenBinding[] {
  return texts.map((text) => {
    const [service, endpoint] = text.split("=");
    const binding = { service, endpoint: parseEndpoint(endpoint) };
    return { binding, kind: "stream", listener: listener(endpoint) };
  });
}

const DATA = "./data";

Deno.test("startHints() shows how to join, log and stop", () => {
  const listeners = open(
    "chat=ssh://0.0.0.0:2222",
    "chat=telnet://127.0.0.1:2323",
    "chat=tcp://[::1]:80",
    "irc=tcp://0.0.0.0:6667",
    "logger=tcp://0.0.0.0:1514",
  );
  assertEquals(
    startHints({ listeners, web: listener("http://[::]:8080"), data: DATA }).split("\n"),
    [
      "Open http://THIS-HOST:8080/ in a browser.",
      "Join with: ssh -p 2222 THIS-HOST   or: telnet 127.0.0.1 2323   or: nc ::1 80   " +
      "or: irssi -c THIS-HOST -p 6667",
      "Log with: make 2>&1 | nc -N THIS-HOST 1514",
      "Press Ctrl-C to stop the server. Everything is kept in ./data.",
    ],
  );
});

Deno.test("startHints() lists the defaults that are off", () => {
  assertEquals(startHints({ listeners: open("chat=tcp://127.0.0.1:1"), data: DATA }).split("\n"), [
    "Join with: nc 127.0.0.1 1",
    "Off: chat=ssh://127.0.0.1:2222, chat=telnet://127.0.0.1:2323, irc=tcp://127.0.0.1:6667, " +
    "logger=tcp://127.0.0.1:1514. Add --listen default to keep the defaults.",
    "Press Ctrl-C to stop the server. Everything is kept in ./data.",
  ]);
});

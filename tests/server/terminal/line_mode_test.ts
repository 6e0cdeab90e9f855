/** Lines that the client edits, with what telnet lets it do to those the server has already. */

import { assertEquals } from "@std/assert";
import { EC, EL, IAC, IP } from "../../../lib/codec/telnet_code.ts";
import type { Service } from "../../../lib/server/session/service.ts";
import { SessionPeer, Sessions, settle } from "../../support/session_peer.ts";

/** A service that keeps what it hears. */
class Listener implements Service {
  readonly name = "listener";
  readonly maxLineBytes = 64;
  readonly editsLines = true;
  readonly heard: string[] = [];
  readonly damaged: number[] = [];

  async serve(session: Parameters<Service["serve"]>[0]): Promise<void> {
    for await (const line of session.lines) {
      this.heard.push(line);
      const { cutBytes = 0, repairs = 0 } = session.damage ?? {};
      if (cutBytes + repairs > 0) this.damaged.push(this.heard.length);
    }
  }
}

/** Sends chunks, each read before the next is sent, and returns the lines that were heard. */
async function hear(...chunks: (string | number)[][]) {
  const service = new Listener();
  const peer = new SessionPeer(new Sessions(service).open());
  const encoder = new TextEncoder();
  for (const parts of chunks) {
    const bytes = parts.flatMap((part) =>
      typeof part === "string" ? [...encoder.encode(part)] : part
    );
    peer.sendBytes(Uint8Array.from(bytes));
    await settle();
  }
  await peer.leave();
  return { heard: service.heard, damaged: service.damaged };
}

const EraseCharacter = [IAC, EC];
const EraseLine = [IAC, EL];

Deno.test("Erase Character takes the last character out of the line, wherever the chunks end", async () => {
  const input: (string | number)[][] = [["abX"], EraseCharacter, ["c\r\n"]];
  assertEquals((await hear(...input)).heard, ["abc"]);
  assertEquals((await hear(input.flat())).heard, ["abc"]);
  assertEquals((await hear(["one\r\ntwo你"], EraseCharacter, ["\n"])).heard, ["one", "two"]);
  assertEquals((await hear(["a👍"], [...EraseCharacter, ...EraseCharacter, "b\n"])).heard, ["b"]);
  // Half of a character has arrived.
  assertEquals((await hear(["a", 0xc3], [...EraseCharacter, "b\n"])).heard, ["ab"]);
  // There is nothing to erase, and a finished line stays.
  assertEquals((await hear(EraseCharacter, ["one\n"], [...EraseCharacter, "two\n"])).heard, [
    "one",
    "two",
  ]);
});

Deno.test("Erase Line takes the whole unfinished line", async () => {
  assertEquals((await hear(["one\ntwo"], [" three", ...EraseLine, "four\n"])).heard, [
    "one",
    "four",
  ]);
  // Nothing of it counts, neither its length nor its encoding.
  const { heard, damaged } = await hear(["x".repeat(100)], [0xfe, ...EraseLine, "short\n"]);
  assertEquals([heard, damaged], [["short"], []]);
  const repaired = await hear(["a", 0xfe, "b"], [...EraseCharacter, ...EraseCharacter, "c\n"]);
  assertEquals(repaired, { heard: ["ac"], damaged: [] });
});

Deno.test("Interrupt Process discards the unfinished line", async () => {
  assertEquals((await hear(["half a"], [" line", IAC, IP, "whole\n"])).heard, ["whole"]);
});

Deno.test("What was erased leaves room in the line", async () => {
  const full = "x".repeat(64);
  const { heard, damaged } = await hear([full], [...EraseCharacter, "y\n"]);
  assertEquals([heard, damaged], [[`${full.slice(1)}y`], []]);
});

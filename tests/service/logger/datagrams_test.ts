import { assertEquals } from "@std/assert";
import type { DatagramOrigin } from "../../../lib/server/session/service.ts";
import { LoggerScene } from "./logger_scene.ts";

const encoder = new TextEncoder();

/** Sends a datagram for each text. */
async function send(
  scene: LoggerScene,
  texts: readonly (string | Uint8Array)[],
  options: Record<string, string> = {},
  rest: Partial<DatagramOrigin> = {},
): Promise<void> {
  for (const text of texts) {
    const wait = scene.logger.takeDatagram(typeof text === "string" ? encoder.encode(text) : text, {
      remote: "192.0.2.7:5555",
      address: "192.0.2.7",
      scheme: "udp",
      endpointOptions: new Map(Object.entries(options)),
      maxLineBytes: 64 * 1024,
      ...rest,
    });
    await wait;
  }
}

Deno.test("Logger takes a syslog datagram for one message, including its newlines", async () => {
  await using scene = new LoggerScene();
  await send(scene, [
    '<13>1 2026-11-21T06:59:27Z host tag - - [t x="1"] hello',
    "<13>Nov 21 06:29:28 host tag: two\nlines\n",
  ]);
  assertEquals(await scene.read(), ["host/tag| hello", "host/tag| two\nlines"]);
  const [event] = await scene.stored();
  assertEquals([event.via, event.fields?.level], ["syslog", "notice"]);
});

Deno.test("Logger removes a NUL at the end of a datagram", async () => {
  await using scene = new LoggerScene();
  await send(scene, ["<11>one\0", "8 <11>two\n\0", "three\n\0", "fo\0ur"]);
  await send(scene, ["five\0"], { framing: "line" });
  assertEquals((await scene.stored()).map(({ body }) => body), [
    "one",
    "two",
    "three",
    "fo\0ur",
    "five\0",
  ]);
});

Deno.test("Logger reads datagrams in the zone and the encoding of their endpoint", async () => {
  await using scene = new LoggerScene();
  const message = (text: string) =>
    Uint8Array.from(
      `<13>Nov 21 12:00:00 host app: ${text}`,
      (character) => character.charCodeAt(0),
    );
  await send(scene, [message("caf\xe9")], { zone: "Asia/Tokyo", charset: "latin1" });
  await send(scene, [message("caf\xe9")], { zone: "Europe/Berlin", charset: "koi8-r" });
  await send(scene, [Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a, 0x74)], { charset: "latin1" });
  assertEquals((await scene.stored()).map(({ body, fields }) => [body, fields?.time]), [
    ["café", "2026-11-21T03:00:00Z"],
    ["cafИ", "2026-11-21T11:00:00Z"],
    ["café", undefined],
    ["t", undefined],
  ]);
});

Deno.test("Logger takes the lines of any other datagram, with a name or an address as source", async () => {
  await using scene = new LoggerScene();
  await send(scene, ["one\r\ntwo", "@build\nthree\n", "@build", '{"level":"warn"}', ""]);
  await send(scene, ["four"], {}, { address: "fe80::1" });
  assertEquals(await scene.read(), [
    "192.0.2.7| one",
    "192.0.2.7| two",
    "build| three",
    "192.0.2.7| @build",
    '192.0.2.7| {"level":"warn"}',
    "fe80::1| four",
  ]);
  assertEquals((await scene.stored())[4].fields, { level: "warning" });
  assertEquals((await scene.stored())[0].via, "udp");
});

Deno.test("Logger removes the count from a syslog datagram, which logger --octet-count sends", async () => {
  await using scene = new LoggerScene();
  const texts = [
    "23 <13>1 - h a - - - two\n!",
    "22 <13>1 - h a - - - dré",
    "20 <13>1 - h a - - - n\n",
  ];
  await send(scene, texts);
  await send(scene, ["22 <13>1 - h a - - - four"], { framing: "syslog" });
  assertEquals(await scene.read(), ["h/a| two\n!", "h/a| dré", "h/a| n", "h/a| four"]);
});

Deno.test("Logger takes a datagram with a wrong count for lines", async () => {
  await using scene = new LoggerScene();
  const texts = [
    "21 <13>1 - h a - - - four",
    "23 <13>1 - h a - - - four",
    "022 <13>1 - h a - - - four",
    "4 four",
  ];
  await send(scene, texts);
  await send(scene, ["22 <13>1 - h a - - - four"], { framing: "line" });
  await send(scene, ["22 <13>1 - h a - - - four"], { framing: "raw" });
  assertEquals(
    await scene.read(),
    [...texts, "22 <13>1 - h a - - - four", "22 <13>1 - h a - - - four"].map((text) =>
      `192.0.2.7| ${text}`
    ),
  );
});

Deno.test("Logger uses the endpoint's framing and room for datagrams", async () => {
  await using scene = new LoggerScene();
  await send(scene, ["<13>1 - h a - - - x\ny"], { framing: "line", room: "lines" });
  await send(scene, ["<13>1 - h a - - - x\ny", "z\nz"], { framing: "raw", room: "raw" });
  await send(scene, ["<13>1 - h a - - - x\ny", "z\nz", '{"a":1}'], {
    framing: "syslog",
    room: "sys",
  });
  assertEquals(await scene.read("lines"), ["192.0.2.7| <13>1 - h a - - - x", "192.0.2.7| y"]);
  assertEquals(await scene.read("raw"), ["192.0.2.7| <13>1 - h a - - - x\ny", "192.0.2.7| z\nz"]);
  assertEquals(await scene.read("sys"), ["h/a| x\ny", "192.0.2.7| z\nz", '192.0.2.7| {"a":1}']);
  assertEquals((await scene.stored("sys"))[2].fields, undefined);
});

Deno.test("Logger records cuts and repairs in a datagram", async () => {
  await using scene = new LoggerScene();
  await send(scene, [`<13>1 - h a - - - ${"é".repeat(50)}`, `${"x".repeat(70)}\nfine`], {}, {
    maxLineBytes: 65,
  });
  await send(scene, [Uint8Array.of(0xff, 97)]);
  assertEquals(await scene.read(), [
    `h/a| ${"é".repeat(23)}`,
    "* gap: 1 line from 192.0.2.7 was too long: 54 bytes were cut off",
    `192.0.2.7| ${"x".repeat(65)}`,
    "* gap: 1 line from 192.0.2.7 was too long: 5 bytes were cut off",
    "192.0.2.7| fine",
    "192.0.2.7| \ufffda",
    "* gap: 1 place in 1 line from 192.0.2.7 was not UTF-8, shown as \ufffd",
  ]);
});

Deno.test("Logger does not count the newline at the end of a datagram as part of it", async () => {
  await using scene = new LoggerScene();
  const message = `<13>1 - h a - - - ${"x".repeat(47)}`; // of 65 bytes
  await send(scene, [`${message}\n`, `${message}\r\n`, `${message}y\n`], {}, { maxLineBytes: 65 });
  assertEquals(await scene.read(), [
    ...Array.from({ length: 3 }, () => `h/a| ${"x".repeat(47)}`),
    "* gap: 1 line from 192.0.2.7 was too long: 1 byte was cut off",
  ]);
});

Deno.test("Logger.noteDrops() records dropped datagrams in their room", async () => {
  await using scene = new LoggerScene();
  scene.logger.noteDrops({
    datagrams: 1204,
    reason: "dropped",
    endpoint: "udp://127.0.0.1:514",
    scheme: "udp",
    endpointOptions: new Map([["room", "ops"]]),
  });
  const [gap] = await scene.stored("ops");
  assertEquals([gap.kind, gap.from, gap.body, gap.fields], [
    "gap",
    "udp://127.0.0.1:514",
    "1,204 datagrams to udp://127.0.0.1:514 were dropped by the system before they could be read",
    { reason: "dropped", datagrams: 1204 },
  ]);
});

/**
 * Types and pastes letters of many scripts into real telnet clients. Each text has a byte 0x9D in
 * it, which a client that ignores the high bit takes for its escape key, Ctrl-].
 *
 * tf5 is missing: it knows nothing but ASCII.
 */

import { assert, assertEquals } from "@std/assert";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { Tmux } from "../support/tmux.ts";

const WINDOW = { columns: 60, rows: 30 };
const TEXTS: Readonly<Record<string, string>> = {
  Cyrillic: "Наташа, доброе утро",
  Chinese: "东京很大，”你好“",
  Japanese: "東京へようこそ、今日は",
  Vietnamese: "Bây giờ ở đây trời ấm",
  Korean: "이음말이 있습니다",
};

interface Client {
  readonly command: (port: number) => string[];
  /** Whether the server shows its lines again. */
  readonly sendsKeys: boolean;
}

const CLIENTS: Readonly<Record<string, Client>> = {
  "inetutils-telnet": {
    command: (port) => ["inetutils-telnet", "127.0.0.1", `${port}`],
    sendsKeys: true,
  },
  // It ignores the high bit whatever has been agreed, so it needs to have no escape key.
  "telnet-ssl -E": {
    command: (port) => ["telnet-ssl", "-E", "127.0.0.1", `${port}`],
    sendsKeys: true,
  },
  "busybox telnet": {
    command: (port) => ["busybox", "telnet", "127.0.0.1", `${port}`],
    sendsKeys: true,
  },
  "plink": {
    command: (port) => ["plink", "-telnet", "-P", `${port}`, "127.0.0.1"],
    sendsKeys: true,
  },
  "tt++": {
    command: (port) => ["/usr/games/tt++", "-G", "-e", `#session p 127.0.0.1 ${port}`],
    sendsKeys: false,
  },
};

/** A client in which jack has entered, without times on the screen, and ann, who listens. */
async function enter(server: ServerProcess, { command, sendsKeys }: Client) {
  const [telnetPort, tcpPort] = server.ports;
  const setter = await LineClient.enter(tcpPort, "jack");
  await setter.send("/set time off", "/quit");
  await setter.expectEnd();
  await setter.close();
  const tmux = await Tmux.run(command(telnetPort), WINDOW);
  await tmux.expectText(sendsKeys ? "name> |" : "* Welcome");
  await tmux.type("jack");
  await tmux.press("Enter");
  await tmux.expectText("* You are in #lobby");
  const ann = await LineClient.enter(tcpPort, "ann");
  await tmux.expectText("* ann joined");
  return { tmux, ann };
}

/** The screen after jack has said these texts. */
function screenOf(texts: readonly string[], { sendsKeys }: Client): string {
  const rows = texts.map((text) => sendsKeys ? `<jack> ${text}` : text);
  return ["* ann joined", ...rows, sendsKeys ? "#lobby> |" : "|"].join("\n");
}

for (const [name, client] of Object.entries(CLIENTS)) {
  Deno.test(`${name} takes five scripts typed letter by letter`, async () => {
    await using server = await ServerProcess.start();
    const { tmux, ann } = await enter(server, client);
    await using _tmux = tmux;
    for (const text of Object.values(TEXTS)) {
      for (const letter of text) await tmux.type(letter);
      await tmux.press("Enter");
      await ann.expect(`<jack> ${text}\r\n`);
    }
    await tmux.expect("* ann joined", screenOf(Object.values(TEXTS), client));
    await ann.close();
  });

  Deno.test(`${name} takes five scripts pasted`, async () => {
    await using server = await ServerProcess.start();
    const { tmux, ann } = await enter(server, client);
    await using _tmux = tmux;
    for (const text of Object.values(TEXTS)) {
      await tmux.paste(text);
      await tmux.press("Enter");
      await ann.expect(`<jack> ${text}\r\n`);
    }
    await tmux.expect("* ann joined", screenOf(Object.values(TEXTS), client));
    await ann.close();
  });
}

Deno.test("inetutils-telnet takes five scripts with /set reader on, and shows lines one below the other", async () => {
  await using server = await ServerProcess.start();
  const { tmux, ann } = await enter(server, CLIENTS["inetutils-telnet"]);
  await using _tmux = tmux;
  await tmux.type("/set reader on");
  await tmux.press("Enter");
  await tmux.expectText("reader is on");
  for (const text of Object.values(TEXTS)) {
    for (const letter of text) await tmux.type(letter);
    await tmux.press("Enter");
    await ann.expect(`<jack> ${text}\r\n`);
    await ann.send("and now?");
    await tmux.expectText(`${text}\nann: and now?\n|`);
  }
  await ann.close();
});

Deno.test("Every text has a byte that a telnet client may take for Ctrl-]", () => {
  for (const [script, text] of Object.entries(TEXTS)) {
    assert(new TextEncoder().encode(text).includes(0x9d), script);
  }
  assertEquals(Object.keys(TEXTS).length, 5);
});

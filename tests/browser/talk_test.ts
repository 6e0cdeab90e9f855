import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { ServerProcess } from "../support/server_process.ts";
import { readStoredEvents } from "../support/stored_log.ts";
import { TerminalProgram } from "../support/terminal_program.ts";
import { enter, say, seeMessage } from "./support/browser.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0"];

/** The senders and texts of the messages shown. */
async function linesOf(page: Page): Promise<string[]> {
  return await page.locator(".message.is-message").evaluateAll((rows) =>
    rows.map((row) =>
      `<${row.querySelector(".who")!.textContent}> ${row.querySelector(".body")!.textContent}`
    )
  );
}

Deno.test("two browsers, telnet and nc see the same messages in the same order", async () => {
  await using server = await ServerProcess.start({ args: WEB });
  const [telnetPort, tcpPort] = server.ports;
  await using browser = await openBrowser();
  const ann = await enter(browser, server.web, "ann");
  const bob = await enter(browser, server.web, "bob");
  await using tim = await TerminalProgram.run(["telnet", "127.0.0.1", String(telnetPort)], {
    terminal: { columns: 100, rows: 30 },
  });
  await tim.expect("What is your name?");
  await tim.type("tim\r");
  await tim.expect("You are in #lobby");
  await tim.type("/set echo on\r");
  await using ned = await TerminalProgram.run(["nc", "127.0.0.1", String(tcpPort)]);
  await ned.expect("What is your name?");
  await ned.type("ned\n/set echo on\n");
  await ned.expect("You are in #lobby");
  for (let round = 0; round < 5; round++) {
    // All at once.
    await Promise.all([
      say(ann.page, `ann ${round}`),
      say(bob.page, `bob ${round}`),
      tim.type(`tim ${round}\r`),
      ned.type(`ned ${round}\n`),
    ]);
  }
  await say(ann.page, "that was all");
  await tim.expect("that was all");
  await ned.expect("that was all");
  for (const { page } of [ann, bob]) await seeMessage(page, "that was all");
  const stored = readStoredEvents(server.data).filter(({ kind }) => kind === "message")
    .map(({ from, body }) => `<${from}> ${body}`);
  assertEquals(stored.length, 21);
  assertEquals(await linesOf(ann.page), stored);
  assertEquals(await linesOf(bob.page), stored);
  for (const program of [tim, ned]) {
    // deno-lint-ignore no-control-regex -- the colours of names
    const shown = program.shown.replaceAll(/\x1b\[\d*m/g, "");
    const lines = [...shown.matchAll(/<(\w+)> (\w+ \d|that was all)/g)].map(([line]) => line);
    assertEquals(lines, stored);
  }
  assertEquals([...ann.trouble, ...bob.trouble], []);
});

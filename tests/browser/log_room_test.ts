/** Rooms that are logs, and logs in rooms where people talk. */

import { assert, assertEquals } from "@std/assert";
import type { Locator, Page } from "playwright-core";
import { fillData, type PastDraft } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, say, seeMessage } from "./support/browser.ts";
import { seen, settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const WEB = ["--web", "http://127.0.0.1:0", "--flood-rate", "0"];
const LOGGER = [
  ...["--listen", "chat=tcp://127.0.0.1:0"],
  ...["--listen", "logger=tcp://127.0.0.1:0?room=ops"],
];

/** A server with a past. */
function startWith(past: Iterable<PastDraft>): Promise<ServerProcess> {
  return ServerProcess.start({ prepare: (data) => fillData(data, past), args: WEB });
}

function* logLines(count: number, sources: readonly string[]): Generator<PastDraft> {
  const start = Date.now() - count * 50;
  for (let at = 0; at < count; at++) {
    const from = sources[at % sources.length];
    const fields = { level: at % 97 === 0 ? "err" : "info" };
    const body = `line ${at + 1}`;
    yield { room: "log", kind: "log", from, body, fields, via: "syslog", at: start + at * 50 };
  }
}

/** Counts the requests for history that the page makes. */
function countRequests(page: Page): () => number {
  let count = 0;
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => {
      if (String(payload).includes('"type":"history"')) count++;
    });
  });
  return () => count;
}

/** The texts of elements as people see them. */
async function textsOf(elements: Locator): Promise<string[]> {
  return (await elements.allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());
}

/** Sends syslog lines on a connection of the logger. */
async function send(
  logger: LineClient,
  lines: readonly (readonly [severity: number, app: string, text: string])[],
): Promise<void> {
  await logger.send(
    ...lines.map(([severity, app, text]) => `<${8 + severity}>1 - web1 ${app} - - - ${text}`),
  );
}

Deno.test("a room of 84,000 log lines shows the last ones, and does not fetch its whole history by itself", async () => {
  await using server = await startWith(logLines(84_000, ["web1/nginx"]));
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  const requests = countRequests(page);
  await page.goto(`${server.web}/rooms/log`);
  await seeMessage(page, "line 84000");
  await settled(page);
  const onScreen = [...(await seen(page)).keys()];
  assertEquals(onScreen.at(-1), 84_000);
  assert(onScreen.length > 15, `${onScreen.length} lines on the screen`);
  assertEquals(await page.locator(".fold").count(), 0);
  assert(requests() <= 6, `${requests()} requests`);

  // Neither does anything else, however long one looks at it: another line only adds itself.
  const before = requests();
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("/join log", "what is going on?");
  await seeMessage(page, "what is going on?");
  await settled(page);
  assertEquals(requests(), before);
  // What is on the screen stays there when somebody talks.
  assert((await seen(page)).has(84_000));
  assertEquals(trouble, []);
  await jack.close();
});

Deno.test("a log room with 400 lines a second shows the latest lines, and every warning and error", async () => {
  await using server = await ServerProcess.start({ args: [...WEB, ...LOGGER] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "ann");
  await say(page, "/join ops");
  await page.getByRole("heading", { name: "ops" }).waitFor();
  const logger = await LineClient.connect(server.ports[1]);
  for (let burst = 1; burst <= 8; burst++) {
    const lines = Array.from({ length: 200 }, (_, at) => {
      const [severity, what] = at === 20
        ? [2, "crit"]
        : at === 60
        ? [4, "warning"]
        : at % 50 === 30
        ? [3, "err"]
        : [6, "info"];
      return [severity, at % 2 === 0 ? "nginx" : "app", `${what} ${burst}.${at}`] as const;
    });
    await send(logger, lines);
    // Each burst is followed by the next as soon as its last line is on the screen.
    await seeMessage(page, `info ${burst}.199`);
    await settled(page);
    const [last] = [...(await seen(page)).keys()].toReversed();
    const text = await page.locator(`[data-seq="${last}"] .body`).textContent();
    assertEquals(text, `info ${burst}.199`);
    const rows = await page.locator(".message.is-log").count();
    assert(rows >= 10, `${rows} lines`);
  }
  // What is above the screen has elements only while it is near.
  const grave = new Set<string>();
  const folds: string[] = [];
  const collect = async () => {
    for (
      const text of await page.locator(".is-severe .body, .is-warning .body").allTextContents()
    ) {
      grave.add(text);
    }
    folds.push(...await textsOf(page.locator(".fold button")));
  };
  for (;;) {
    await collect();
    const position = await page.locator(".messages").evaluate((list) => {
      list.scrollTop -= list.clientHeight;
      return list.scrollTop;
    });
    await settled(page);
    if (position <= 0) break;
  }
  await collect();
  const wanted = Array.from({ length: 8 }, (_, at) => at + 1).flatMap((burst) => [
    `crit crit ${burst}.20`,
    `warning warning ${burst}.60`,
    ...[30, 80, 130, 180].map((at) => `err err ${burst}.${at}`),
  ]);
  assertEquals([...grave].toSorted(), wanted.toSorted());
  assert(folds.length > 0);
  for (const text of folds) {
    assert(/^\d+ more lines from web1\/(nginx|app) · \d+ info · #\d+–#\d+$/.test(text), text);
  }

  // The folded lines are loaded when one wants them.
  const fold = page.locator(".fold button").first();
  const [, first] = /#(\d+)/.exec(await fold.textContent() ?? "")!;
  await fold.click();
  await page.locator(`[data-seq="${first}"]`).waitFor();
  assertEquals(trouble, []);
  await logger.close();
});

Deno.test("a log between messages is folded by source, with counts by level, but for warnings and errors", async () => {
  const start = Date.now() - 3_600_000;
  const said = (at: number, body: string): PastDraft => (
    { room: "ops", kind: "message", from: "ann", body, via: "web", at: start + at * 1000 }
  );
  const line = (at: number, from: string, level: string): PastDraft => ({
    room: "ops",
    kind: "log",
    from,
    body: `line ${at}`,
    fields: { level },
    via: "syslog",
    at: start + at * 1000,
  });
  const levels = ["info", "info", "debug", "notice"];
  await using server = await startWith([
    said(0, "deploying"),
    ...Array.from({ length: 120 }, (_, at) => {
      if (at === 50) return line(at, "web-1/nginx", "crit");
      if (at === 51) return line(at, "db-1/postgres", "warning");
      return line(at, at % 2 === 0 ? "web-1/nginx" : "db-1/postgres", levels[at % 4]);
    }),
    said(200, "done"),
  ]);
  await using browser = await openBrowser();
  const { page } = await enter(browser, `${server.web}/rooms/ops`, "kim");
  await seeMessage(page, "done");
  await page.getByRole("button", { name: "58 more lines from web-1/nginx" }).waitFor();
  const folds = page.locator(".fold button");
  assertEquals((await textsOf(folds)).map((text) => text.replace(/\d\d:\d\d–\d\d:\d\d/, "…")), [
    "58 more lines from web-1/nginx · 30 info · 28 debug · … · #2–#118",
    "57 more lines from db-1/postgres · 28 notice · 29 info · … · #3–#117",
  ]);
  assertEquals(await page.locator(".message.is-log .body").allTextContents(), [
    "crit line 50",
    "warning line 51",
    "line 117",
    "line 118",
    "line 119",
  ]);
  // One source unfolds by itself, among the lines that were shown all along.
  await folds.nth(1).click();
  await page.locator(".message.is-log .body", { hasText: /^line 1$/ }).waitFor();
  assertEquals(await page.locator(".fold button[aria-expanded=true]").count(), 1);
  await page.locator(".fold button[aria-expanded=true]").click();
  await page.locator(".message.is-log .body", { hasText: /^line 1$/ }).waitFor({
    state: "detached",
  });
});

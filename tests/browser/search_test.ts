import { assert, assertEquals } from "@std/assert";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { enter, say, seeField, seeMessage } from "./support/browser.ts";
import { incident } from "./support/incident.ts";
import { openBrowser } from "./support/test_browser.ts";

Deno.test("search finds messages with filters and context, and links to them", async () => {
  using data = new TemporaryDirectory();
  await fillData(data.path, incident(Date.now()));
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/ops`, "kim");
  const hits = page.locator(".hit");
  const found = () => page.locator(".found .body").allTextContents();
  // The events were stored before the server started, so wait until they are indexed.
  await say(page, "/search coffee");
  for (;;) {
    await page.locator(".results[aria-busy=false]").waitFor();
    if (await hits.count() > 0) break;
    assertEquals(await page.locator(".results .is-error").allTextContents(), []);
    await page.getByRole("button", { name: "Search", exact: true }).last().click();
  }

  await page.getByLabel("Search for").fill("retention");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".found", { hasText: "backup retention" }).waitFor();
  assertEquals(await page.locator(".found mark").allTextContents(), ["retention"]);
  assertEquals(new URL(page.url()).searchParams.get("q"), "retention");
  // One line before and one after.
  await page.locator(".context", { hasText: "tested it with a full tmpfs" }).waitFor();
  await page.locator(".context", { hasText: "lag is 0" }).waitFor();

  await page.getByLabel("Search for").fill("moving");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".found code", { hasText: /^base\.2026-11-14$/ }).waitFor();

  await page.locator(".results[aria-busy=false]").waitFor();
  await page.getByLabel("Search for").fill("disk");
  await page.getByLabel("From").fill("ann");
  await page.getByLabel("From").press("Enter");
  await page.waitForURL(/[?&]q=disk(\+|%20)from(:|%3A)ann/);
  await seeField(page.getByLabel("Search for"), "disk from:ann");
  await page.locator(".found", { hasText: "Same disk alert" }).waitFor();
  await page.locator(".results[aria-busy=false]").waitFor();
  for (const who of await page.locator(".found .who").allTextContents()) {
    assertEquals(who, "ann");
  }

  await page.getByLabel("Search for").fill("space kind:log level:crit");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".found", { hasText: "PANIC" }).waitFor();
  assertEquals((await found()).length, 1);
  assertEquals(await page.locator(".found.is-severe .level").allTextContents(), ["crit "]);
  await seeField(page.getByLabel("Kind"), "log");

  await page.getByLabel("Search for").fill("kind:nonsense");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".results .is-error").waitFor();

  const rooms = page.getByRole("combobox", { name: "In", exact: true });
  await page.getByLabel("Search for").fill("machine");
  await rooms.selectOption("all");
  await page.locator(".where", { hasText: "#lobby" }).waitFor();

  // A room in the query takes the place of the open room.
  await rooms.selectOption("room");
  // If nothing is in it, all rooms are searched.
  const widened = page.getByText("Nothing in #ops. 1 result from all rooms");
  await widened.waitFor();
  await page.getByLabel("Search for").fill("machine in:lobby");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".where", { hasText: "#lobby" }).waitFor();
  assertEquals(await rooms.locator("option:checked").innerText(), "lobby");
  await rooms.selectOption("room");
  await seeField(page.getByLabel("Search for"), "machine");
  await widened.waitFor();
  await page.getByLabel("Search for").fill("machine in:ops");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".results", { hasText: "No results" }).waitFor();

  await page.getByLabel("Search for").fill("archiving kind:log");
  await page.getByLabel("Search for").press("Enter");
  await page.locator(".found", { hasText: "archiving write-ahead" }).nth(19).waitFor();
  await page.getByRole("button", { name: "Show more" }).click();
  await page.locator(".found").nth(39).waitFor();

  await page.getByLabel("Export").click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "JSON Lines" }).click();
  const lines = (await Deno.readTextFile(await (await download).path())).trimEnd().split("\n");
  const seqs = lines.map((line) => JSON.parse(line).seq);
  assert(seqs.length >= 40 && seqs.every((seq, at) => at === 0 || seq > seqs[at - 1]));

  const link = page.locator(".where a").nth(5);
  const href = await link.getAttribute("href");
  await link.click();
  await page.locator(`.is-target[data-seq="${href!.split("/").at(-1)}"]`).waitFor();
  await page.goBack();
  await page.locator(".found", { hasText: "archiving write-ahead" }).first().waitFor();
  assertEquals(trouble, []);
});

Deno.test("search keeps what is typed into a filter while others come and speak", async () => {
  await using server = await ServerProcess.start({ args: ["--web", "http://127.0.0.1:0"] });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, server.web, "kim");
  const jack = await LineClient.enter(server.port, "jack");
  await jack.send("before");
  await seeMessage(page, "before");
  await say(page, "/search before");
  await page.locator(".results[aria-busy=false]").waitFor();
  const from = page.getByLabel("From");
  await from.fill("ja");
  // Her name makes the page render again.
  const mary = await LineClient.enter(server.port, "mary");
  await page.getByRole("button", { name: "Members: 3" }).waitFor();
  assertEquals(await from.inputValue(), "ja");
  await from.press("End");
  await from.pressSequentially("ck");
  await from.press("Enter");
  await seeField(page.getByLabel("Search for"), "before from:jack");
  assertEquals(trouble, []);
  await jack.close();
  await mary.close();
});

import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { fillData } from "../support/filled_data.ts";
import { LineClient } from "../support/line_client.ts";
import { ServerProcess } from "../support/server_process.ts";
import { TemporaryDirectory } from "../support/temporary_directory.ts";
import { enter, seeMessage } from "./support/browser.ts";
import { longRoom } from "./support/long_room.ts";
import { seen, settled } from "./support/message_list.ts";
import { openBrowser } from "./support/test_browser.ts";

const COUNT = 100_000;
/** Limit for the number of elements in the document. */
const MAX_ELEMENTS = 1500;

async function assertFew(page: Page): Promise<void> {
  const count = await page.evaluate(() => document.querySelectorAll("*").length);
  assert(count < MAX_ELEMENTS, `${count} elements`);
}

async function scrollTo(page: Page, share: number): Promise<void> {
  await page.locator(".messages").evaluate((list, share) => {
    list.scrollTop = share * (list.scrollHeight - list.clientHeight);
  }, share);
  await settled(page);
}

Deno.test("a room with 100,000 messages scrolls from end to end without jumps, with few elements", async (test) => {
  using data = new TemporaryDirectory();
  await fillData(data.path, longRoom("long", COUNT));
  await using server = await ServerProcess.start({
    data: data.path,
    args: ["--web", "http://127.0.0.1:0"],
  });
  await using browser = await openBrowser();
  const { page, trouble } = await enter(browser, `${server.web}/rooms/long`, "ann");
  await seeMessage(page, `${COUNT}: `);
  await settled(page);

  await test.step("it starts at the end", async () => {
    assert((await seen(page)).has(COUNT));
    await assertFew(page);
  });

  await test.step("the wheel moves the rows by exactly its distance", async () => {
    const box = (await page.locator(".messages").boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let turn = 0; turn < 40; turn++) {
      const before = await seen(page);
      await page.mouse.wheel(0, -280);
      await settled(page);
      const after = await seen(page);
      const both = [...before.keys()].filter((seq) => after.has(seq));
      assert(both.length > 0, `none of ${[...before.keys()]} is left in ${[...after.keys()]}`);
      for (const seq of both) {
        const moved = after.get(seq)! - before.get(seq)!;
        assert(Math.abs(moved - 280) < 2, `#${seq} moved by ${moved} in turn ${turn}`);
      }
      await assertFew(page);
    }
  });

  await test.step("visible rows stay in place when messages arrive", async () => {
    const jack = await LineClient.enter(server.port, "jack");
    await jack.send("/join long");
    await jack.expect("You are in #long");
    const before = await seen(page);
    await jack.send("one more", "and another");
    await page.getByRole("button", { name: "2 new messages" }).waitFor();
    await settled(page);
    const after = await seen(page);
    assertEquals([...after.keys()], [...before.keys()]);
    for (const [seq, top] of before) {
      assert(Math.abs(after.get(seq)! - top) < 1, `#${seq} moved from ${top} to ${after.get(seq)}`);
    }
    await jack.close();
  });

  await test.step("the scroll bar reaches any position", async () => {
    await scrollTo(page, 0.5);
    const [middle] = (await seen(page)).keys();
    assert(middle > COUNT * 0.4 && middle < COUNT * 0.6, `#${middle}`);
    await assertFew(page);
    await scrollTo(page, 0);
    await page.getByText("This is the beginning of #long").waitFor();
    assert((await seen(page)).has(1));
    await scrollTo(page, 0.25);
    await scrollTo(page, 1);
    await settled(page);
    await scrollTo(page, 1);
    await seeMessage(page, "and another");
    await assertFew(page);
  });

  await test.step("a button jumps to the end", async () => {
    await scrollTo(page, 0.7);
    await page.getByRole("button", { name: "Newest" }).click();
    await settled(page);
    await seeMessage(page, "and another");
    assertEquals(await page.locator(".jump").count(), 0);
    await assertFew(page);
  });

  assertEquals(trouble, []);
});

import { fillData } from "../support/filled_data.ts";
import { ServerProcess } from "../support/server_process.ts";
import { enter, launchBrowser } from "./support/browser.ts";
import { incident } from "./support/incident.ts";
const data = await Deno.makeTempDir({ prefix: "partyline-" });
await fillData(data, incident(Date.now()));
const server = await ServerProcess.start({ data, args: ["--web", "http://127.0.0.1:0"] });
const browser = await launchBrowser();
const { page, trouble } = await enter(browser, `${server.web}/rooms/ops`, "kim");
await page.waitForTimeout(500);
for (let i = 0; i < 4; i++) {
  await page.goto(`${server.web}/rooms/ops/106`);
  await page.waitForTimeout(1500);
  console.log(i, page.url(), await page.locator(".is-target").count(), trouble);
  await page.screenshot({ path: `/tmp/pg/dbg${i}.png` });
}
await browser.close();
await server.stop();

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { WebScene } from "../support/web_scene.ts";

Deno.test("The page is a fixed list of files that no path escapes", async () => {
  await using scene = new WebScene();
  const pages = [["/", ""], ["/rooms/lobby", "../"], ["/rooms/lobby/381", "../../"]];
  for (const [path, root] of pages) {
    using peer = await scene.connect();
    await peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const { status, head, body } = await peer.readResponse();
    assertEquals(status, 200);
    assertStringIncludes(head, "content-type: text/html; charset=utf-8");
    assertStringIncludes(body, `<script type="module" src="${root}assets/app.js">`);
  }
  for (
    const path of [
      "/../../etc/passwd",
      "/assets/../../../deno.json",
      "/assets/%2e%2e/%2e%2e/deno.json",
      "/assets/..%2f..%2fdeno.json",
      "/assets/..%5c..%5cdeno.json",
      "/assets//etc/passwd",
      "/assets/app.js%00.html",
      "/assets/__proto__",
      "/assets/constructor",
      "/assets/",
      "/rooms/lobby/x",
      "//etc/passwd",
      "/%",
      "/deno.json",
      "/page/main.tsx",
    ]
  ) {
    using peer = await scene.connect();
    await peer.send(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const { status, body } = await peer.readResponse();
    assertEquals([status, JSON.parse(body).code], [404, "no-such-page"], path);
  }
});

Deno.test("The page is compressed if the client accepts gzip, and not sent again if it is cached", async () => {
  await using scene = new WebScene();
  const ask = async (headers: string) => {
    using peer = await scene.connect();
    await peer.send(`GET /assets/app.js HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`);
    return await peer.readResponse();
  };
  const plain = await ask("Accept-Encoding: br, gzip;q=0\r\n");
  assert(!/content-encoding/i.test(plain.head));
  const packed = await ask("Accept-Encoding: br, gzip\r\n");
  assertStringIncludes(packed.head, "content-encoding: gzip");
  const stream = new Blob([Uint8Array.from(packed.body, (c) => c.charCodeAt(0))]).stream();
  const unpacked = await new Response(stream.pipeThrough(new DecompressionStream("gzip")))
    .arrayBuffer();
  assertEquals(unpacked.byteLength, plain.body.length);
  const [, etag] = /etag: (\S+)/.exec(plain.head)!;
  const again = await ask(`If-None-Match: ${etag}\r\n`);
  assertEquals([again.status, again.body], [304, ""]);
});

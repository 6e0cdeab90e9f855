/**
 * What greedy clients do with the parts of HTTP that few use.
 *
 * @module
 */

import {
  again,
  bytesOf,
  connect,
  type Doors,
  drop,
  flood,
  pause,
  tally,
  trickle,
  writeAll,
} from "./pouring.ts";

export const HTTP_ATTACKS = {
  "chunk extensions of 8 KB": again(
    20,
    "webPort",
    `${postHead("Transfer-Encoding: chunked\r\n")}${`1;x=${"y".repeat(8000)}\r\na\r\n`.repeat(50)}`,
  ),
  "heads that trickle": trickle("webPort", "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Pad: "),
  "chunks that trickle": {
    peers: 500,
    async ask({ webPort }: Doors) {
      const connection = await connect(webPort);
      drop(connection);
      await writeAll(connection, bytesOf(postHead("Transfer-Encoding: chunked\r\n")));
      for (;;) {
        for (const char of "1\r\na\r\n") await writeAll(connection, bytesOf(char));
        await pause(10);
      }
    },
  },
  "HEAD, OPTIONS and conditions": flood(
    40,
    "webPort",
    (request("HEAD /") + request("OPTIONS /api/rooms") +
      request("GET /assets/app.js", 'If-None-Match: "x", W/"y"\r\nIf-Modified-Since: x\r\n') +
      request("DELETE /api/rooms/big")).repeat(30),
  ),
  "ranges": flood(
    40,
    "webPort",
    request(
      "GET /assets/app.js",
      `Range: bytes=${
        Array.from({ length: 500 }, (_, index) => `${index}-${index}`).join(",")
      }\r\n`,
    ).repeat(20),
  ),
  "cookies of 8 KB": flood(
    40,
    "webPort",
    request("GET /api/rooms", `Cookie: ${"a=b; ".repeat(1600)}\r\n`).repeat(10),
  ),
  "POST of gzip": flood(
    20,
    "webPort",
    post("text/plain", "\x1f\x8b\x08".repeat(300), "Content-Encoding: gzip\r\n"),
  ),
  "POST of deep JSON": flood(
    20,
    "webPort",
    post(
      "application/json",
      `{"kind":"log","body":"x","fields":${"[".repeat(15_000)}${"]".repeat(15_000)}}`,
    ).repeat(4),
  ),
  "POST of JSON with 4,000 keys": flood(
    20,
    "webPort",
    post(
      "application/json",
      `{"kind":"log","body":"x","fields":{${
        Array.from({ length: 4000 }, (_, index) => `"k${index}":1`).join(",")
      }}}`,
    ).repeat(4),
  ),
  "POST of reactions and pins": flood(
    20,
    "webPort",
    (post("application/json", '{"emoji":"+1"}', "", "/api/rooms/big/messages/75000/reactions") +
      post("application/json", '{"seq":75000}', "", "/api/rooms/big/pins")).repeat(50),
  ),
  "searches of hard patterns": flood(
    20,
    "webPort",
    request(
      `GET /api/search?q=${"a*+".repeat(40)}${"%22a+b+c%22+".repeat(20)}-x*&limit=100`,
    ).repeat(20),
  ),
  "ready, pipelined": flood(40, "webPort", request("GET /ready").repeat(100)),
  "event streams, opened and closed": {
    peers: 40,
    async ask({ webPort }: Doors) {
      for (;;) {
        const connection = await connect(webPort);
        await writeAll(connection, bytesOf(request("GET /api/rooms/big/stream")));
        await connection.read(new Uint8Array(1000));
        connection.close();
        tally.answers++;
      }
    },
  },
  "refused requests": again(50, "webPort", request("TRACE /")),
};

function request(line: string, headers = ""): string {
  return `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}\r\n`;
}

function postHead(headers: string, path = "/api/rooms/posts/messages"): string {
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n` +
    `Authorization: Bearer fairness\r\n${headers}\r\n`;
}

function post(type: string, body: string, headers = "", path?: string): string {
  return postHead(`Content-Length: ${body.length}\r\n${headers}`, path)
    .replace("text/plain", type) + body;
}

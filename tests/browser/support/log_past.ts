/** An hour of #log: three sources, a burst of errors, and an API that writes JSON. */

import type { PastDraft } from "../../support/filled_data.ts";

const SOURCES = ["web1/nginx", "web1/nginx", "web1/nginx", "db1/postgres", "api"];

/** Generates `count` log lines of every level, the last a moment before `end`. */
export function* logPast(count: number, end: number): Generator<PastDraft> {
  for (let at = 0; at < count; at++) {
    const isBurst = at > count * 0.6 && at < count * 0.7;
    const level = at % 97 === 0 || (isBurst && at % 3 === 0)
      ? "err"
      : at % 31 === 0
      ? "warning"
      : at % 11 === 0
      ? "debug"
      : at % 7 === 0
      ? "notice"
      : "info";
    const from = SOURCES[Math.floor(at / 9) % SOURCES.length];
    const [host, app] = from.split("/");
    const http = { status: level === "err" ? 500 : 200, path: `/api/items/${at}`, ms: at % 50 };
    const record = { level, msg: `request ${at} done`, http, user: "ann" };
    const text = level === "err"
      ? `could not write block ${at}: No space left on device (base/16384/2619), will try again ` +
        "in 5 s with the next checkpoint"
      : `GET /items/${at}?page=${at % 9} 200 ${at * 7} bytes "Mozilla/5.0"`;
    yield {
      room: "log",
      kind: "log",
      from,
      at: end - (count - at) * 900,
      via: "syslog",
      body: from === "api" ? JSON.stringify(record) : text,
      fields: from === "api" ? record : { level, host, app, procid: String(1000 + at % 5) },
    };
  }
}

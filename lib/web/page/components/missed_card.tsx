/**
 * What was said in the user's rooms while they were away, until it is dismissed.
 *
 * @module
 */

import { Fragment, h } from "preact";
import type { MissedJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import { addressOf } from "../base.ts";
import { routePath } from "../route.ts";
import { countOf } from "../time_text.ts";
import { IconButton } from "./buttons.tsx";

export function MissedCard({ app }: { readonly app: App }) {
  if (app.missed.rooms.length === 0) return null;
  return (
    <section class="missed" aria-labelledby="missed-title">
      <header>
        <h2 id="missed-title">While you were away</h2>
        <IconButton
          icon="close"
          label="Dismiss what you missed"
          onClick={() => {
            app.missed.dismiss();
            document.getElementById("message")?.focus();
          }}
        />
      </header>
      <ul>
        {app.missed.rooms.map((missed) => <MissedRoom key={missed.room} missed={missed} />)}
      </ul>
    </section>
  );
}

function MissedRoom({ missed }: { readonly missed: MissedJson }) {
  const { room, messages, logLines, hasMore, people, count, mentions, mention } = missed;
  const amount = messages > 0 ? countOf(messages, "message") : countOf(logLines, "log line");
  const others = count - people.length;
  const names = [...people, ...(others > 0 ? [`${others} more`] : [])];
  return (
    <li>
      <a href={addressOf(routePath({ room }))}>#{room}</a>: {hasMore && "more than "}
      {amount}
      {names.length > 0 && ` from ${names.join(", ")}`}
      {mention !== undefined && (
        <>
          ,{" "}
          <a href={addressOf(routePath({ room, seq: mention }))}>
            {countOf(mentions, "mention")} of you
          </a>
        </>
      )}
    </li>
  );
}

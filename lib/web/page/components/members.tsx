/**
 * The list of members.
 *
 * @module
 */

import { h } from "preact";
import { useState } from "preact/hooks";
import { nameKey } from "../../../domain/name.ts";
import type { MemberJson } from "../../protocol.ts";
import type { App } from "../app.ts";
import { openPersonMenu } from "../app_menus.ts";
import { nameHue } from "../names.ts";
import type { RoomState } from "../room_state.ts";
import { countOf, numberText } from "../time_text.ts";
import { MenuOpener } from "./buttons.tsx";

/** With fewer there is nothing to look for. */
const FILTERED_FROM = 10;

export function Members({ app, room }: { readonly app: App; readonly room: RoomState }) {
  const { count, sorted } = room.members;
  const [text, setText] = useState("");
  const hasFilter = sorted.length >= FILTERED_FROM;
  const key = hasFilter ? nameKey(text.trim()) : "";
  const found = key === "" ? sorted : sorted.filter(({ name }) => nameKey(name).includes(key));
  const others = count - sorted.length;
  return (
    <aside class="members" aria-labelledby="members-title">
      <h2 id="members-title">{countOf(count, "member")}</h2>
      {hasFilter && (
        <input
          type="search"
          value={text}
          aria-label="Filter members"
          placeholder="Filter"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      )}
      {hasFilter && (
        <p class="unseen" role="status">{key === "" ? "" : countOf(found.length, "member")}</p>
      )}
      <ul>
        {found.map((member) => <MemberItem key={member.name} app={app} member={member} />)}
      </ul>
      {others > 0 && <p class="hint">and {numberText(others)} more</p>}
    </aside>
  );
}

function MemberItem({ app, member }: { readonly app: App; readonly member: MemberJson }) {
  const { name, via, away } = member;
  const isAway = away !== undefined;
  const details = `via ${via}${isAway ? `, away${away === "" ? "" : `: ${away}`}` : ""}`;
  return (
    <li class={isAway ? "is-away" : ""}>
      {name === app.client.state.name
        ? (
          <span class="member" title={details}>
            <bdi class={`hue-${nameHue(name)}`}>{name}</bdi>
            <span class="via">you</span>
          </span>
        )
        : (
          <MenuOpener
            app={app}
            class="member"
            title={`${name} (${details})`}
            onOpen={(button) => openPersonMenu(app, name, button)}
          >
            <bdi class={`hue-${nameHue(name)}`}>{name}</bdi>
            <span class="via">{isAway ? "away" : via}</span>
          </MenuOpener>
        )}
    </li>
  );
}

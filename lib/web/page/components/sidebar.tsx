/**
 * Where one can turn to: rooms, people, and who one is.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { PrivateConversation } from "../private_conversation.ts";
import type { RoomState } from "../room_state.ts";
import { routePath } from "../route.ts";
import { nameHue } from "../name_colour.ts";
import { countOf, numberText } from "../time_text.ts";
import { Icon } from "./icon.tsx";
import { StatusLine } from "./status_line.tsx";

/** More than that is not counted: the server does not either. */
const MOST = 999;

export function Sidebar({ app }: { readonly app: App }) {
  const { rooms, conversations } = app.places;
  return (
    <nav class="places" aria-label="Rooms and people">
      <p class="brand">Partyline</p>
      <div class="lists">
        <div class="title">
          <h2 id="rooms-title">Rooms</h2>
          <button
            type="button"
            class="quiet"
            aria-label="All rooms"
            title="All rooms"
            onClick={() => app.open("rooms")}
          >
            <Icon name="plus" />
          </button>
        </div>
        <ul aria-labelledby="rooms-title">
          {rooms.map((room) => <RoomItem key={room.name} app={app} room={room} />)}
        </ul>
        {conversations.length > 0 && (
          <>
            <h2 id="people-title">People</h2>
            <ul aria-labelledby="people-title">
              {conversations.map((person) => (
                <PersonItem key={person.name} app={app} person={person} />
              ))}
            </ul>
          </>
        )}
      </div>
      <div class="self">
        <StatusLine app={app} />
        <button type="button" class="me" onClick={() => app.open("settings")}>
          <b class={`hue-${nameHue(app.client.state.name)}`}>{app.client.state.name}</b>
          <span>Settings</span>
        </button>
      </div>
    </nav>
  );
}

function RoomItem({ app, room }: { readonly app: App; readonly room: RoomState }) {
  const { unread, mentions, name } = room;
  const classes = [unread > 0 ? "is-unread" : "", mentions > 0 ? "is-urgent" : ""];
  return (
    <li class={classes.join(" ")}>
      <a href={routePath({ room: name })} aria-current={app.places.room === room && "page"}>
        <span class="sigil">#</span>
        <bdi class="name">{name}</bdi>
        {unread > 0 && (
          <span class="count">
            {unread > MOST ? `${MOST}+` : numberText(unread)}
            <span class="unseen">{unreadText(unread, mentions)}</span>
          </span>
        )}
      </a>
    </li>
  );
}

function unreadText(unread: number, mentions: number): string {
  const names = mentions > 0 ? `, ${countOf(mentions, "of them names", "of them name")} you` : "";
  return ` unread${unread > MOST ? " or more" : ""}${names}`;
}

function PersonItem({ app, person }: { readonly app: App; readonly person: PrivateConversation }) {
  const { current } = app.places;
  const isCurrent = current.type === "person" && current.person === person;
  return (
    <li class={person.unread > 0 ? "is-unread is-urgent" : ""}>
      <button
        type="button"
        aria-current={isCurrent && "page"}
        onClick={() => app.navigator.turnTo({ person: person.name })}
      >
        <span class="sigil">@</span>
        <bdi class="name">{person.name}</bdi>
        {person.unread > 0 && (
          <span class="count">
            {numberText(person.unread)}
            <span class="unseen">unread</span>
          </span>
        )}
      </button>
    </li>
  );
}

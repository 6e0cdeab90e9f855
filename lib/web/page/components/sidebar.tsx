/**
 * The sidebar: rooms, conversations, the connection's status and the user's name.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { App } from "../app.ts";
import { openOrderMenu, openRoomMenu } from "../app_menus.ts";
import type { PrivateConversation } from "../private_conversation.ts";
import type { RoomState } from "../room_state.ts";
import { routePath } from "../route.ts";
import { addressOf } from "../base.ts";
import { nameHue } from "../names.ts";
import { countOf, numberText } from "../time_text.ts";
import { Icon } from "./icon.tsx";
import { IconButton, MenuOpener } from "./buttons.tsx";
import { Menu } from "./menu.tsx";
import { StatusLine } from "./status_line.tsx";

/** Higher counts are shown as `999+`, because the server stops counting there. */
const MAX_COUNT = 999;

export function Sidebar({ app }: { readonly app: App }) {
  const { rooms, conversations, room, view } = app.places;
  const nav = useRef<HTMLElement>(null);
  // The list may be longer than the screen.
  useLayoutEffect(() => {
    nav.current!.querySelector("[aria-current=page]")?.scrollIntoView({ block: "nearest" });
  }, [view, room && rooms.indexOf(room), app.overlays.drawer]);
  return (
    <nav ref={nav} class="places" aria-label="Rooms and people">
      {app.overlays.menu?.isInSidebar && <Menu app={app} menu={app.overlays.menu} />}
      <p class="brand">Partyline</p>
      <div class="lists">
        <div class="title">
          <h2 id="rooms-title">Rooms</h2>
          {rooms.length > 1 && (
            <MenuOpener
              app={app}
              class="quiet"
              aria-label="Sort rooms"
              title="Sort rooms"
              onOpen={(button) => openOrderMenu(app, button)}
            >
              <Icon name="sort" />
            </MenuOpener>
          )}
          <IconButton
            icon="plus"
            label="Browse rooms"
            onClick={() => app.overlays.open("rooms")}
          />
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
        <Self app={app} />
      </div>
    </nav>
  );
}

/** The user's name, which opens the account, and the settings. */
function Self({ app }: { readonly app: App }) {
  const { name, account } = app.client.state;
  return (
    <p class="me">
      <button type="button" aria-haspopup="dialog" onClick={() => app.overlays.open("account")}>
        <b class={`hue-${nameHue(name)}`}>{name}</b>
        <span>
          {account ? account.isOperator ? "operator" : "logged in" : "Log in or register"}
        </span>
      </button>
      <IconButton
        icon="settings"
        label="Settings"
        onClick={() => app.overlays.open("settings")}
      />
    </p>
  );
}

function RoomItem({ app, room }: { readonly app: App; readonly room: RoomState }) {
  const { name } = room;
  const isMuted = app.choices.isMuted(room);
  const isCurrent = app.places.room === room;
  const { mentions } = room;
  const unread = app.choices.unreadIn(room);
  const classes = [
    unread > 0 ? "is-unread" : "",
    mentions > 0 ? "is-urgent" : "",
    isMuted ? "is-muted" : "",
  ];
  return (
    <li class={classes.join(" ")}>
      <a
        href={addressOf(routePath({ room: name }))}
        aria-current={isCurrent && "page"}
        // Also by the menu key.
        onContextMenu={(event) => {
          event.preventDefault();
          (event.currentTarget.nextElementSibling as HTMLElement).click();
        }}
      >
        <span class="sigil">#</span>
        <bdi class="name">{name}</bdi>
        {isMuted && <span class="via">muted</span>}
        {unread > 0 && (
          <span class="count">
            {unread > MAX_COUNT ? `${MAX_COUNT}+` : numberText(unread)}
            <span class="unseen">{unreadText(unread, mentions)}</span>
          </span>
        )}
      </a>
      <MenuOpener
        app={app}
        class="quiet more"
        // The others are reached by the menu key, so that Tab has few stops.
        tabIndex={isCurrent ? 0 : -1}
        aria-label={`Actions for #${name}`}
        onOpen={(button) => openRoomMenu(app, room, button)}
      >
        ⋯
      </MenuOpener>
    </li>
  );
}

function unreadText(unread: number, mentions: number): string {
  const mentioned = mentions > 0 ? `, ${countOf(mentions, "mention")}` : "";
  return ` unread${unread > MAX_COUNT ? " or more" : ""}${mentioned}`;
}

function PersonItem({ app, person }: { readonly app: App; readonly person: PrivateConversation }) {
  const { current } = app.places;
  const isCurrent = current.type === "person" && current.person === person;
  return (
    <li class={person.unread > 0 ? "is-unread is-urgent" : ""}>
      <button
        type="button"
        aria-current={isCurrent && "page"}
        onClick={() => app.navigator.open({ person: person.name })}
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

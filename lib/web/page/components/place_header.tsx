/**
 * The header of a room or conversation, with its buttons.
 *
 * @module
 */

import { h } from "preact";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import type { Place } from "../places.ts";
import type { RoomState } from "../room_state.ts";
import { numberText } from "../time_text.ts";
import { ExportMenu } from "./export_menu.tsx";
import { IconButton } from "./buttons.tsx";
import { MenuButton } from "./menu_button.tsx";
import { MessageText } from "./message_text.tsx";

/** Below this width the members cover the messages; the same as in `style.css`. */
const NARROW = "(max-width: 60rem)";

function toggleMembers(app: App): void {
  if (matchMedia(NARROW).matches) {
    app.overlays.setDrawer(app.overlays.drawer === "members" ? undefined : "members");
  } else app.prefer({ areMembersShown: !app.preferences.areMembersShown });
}

export interface RoomHeaderProps {
  readonly app: App;
  readonly room: RoomState;
  readonly view: MessageView;
}

export interface FormerRoomProps {
  readonly app: App;
  readonly place: Place & { readonly type: "former" };
}

export function RoomHeader({ app, room, view }: RoomHeaderProps) {
  const { isChartShown, areMembersShown } = app.preferences;
  return (
    <header class="top">
      <MenuButton app={app} />
      <h1 title={`#${room.name}`}>
        <span class="sigil">#</span>
        <bdi>{room.name}</bdi>
      </h1>
      <p class="topic" title={room.topic} dir="auto">
        <MessageText text={room.topic} name="" lastSeq={0} />
      </p>
      <div class="tools">
        <SearchButton app={app} />
        <IconButton
          icon="chart"
          label="Chart"
          class="tool wide"
          title="Messages over time"
          aria-pressed={isChartShown}
          onClick={() => app.prefer({ isChartShown: !isChartShown })}
        />
        <ExportMenu app={app} room={room} view={view} />
        <IconButton
          icon="room"
          label="About this room"
          class="tool"
          aria-haspopup="dialog"
          onClick={() => app.overlays.open("room")}
        />
        <IconButton
          icon="people"
          label={`Members: ${numberText(room.members.count)}`}
          class="tool"
          title="Members"
          aria-pressed={areMembersShown}
          onClick={() => toggleMembers(app)}
        >
          {numberText(room.members.count)}
        </IconButton>
      </div>
    </header>
  );
}

/** The header of what was said in a room under a former name. */
export function FormerHeader({ app, place: { name, to } }: FormerRoomProps) {
  return (
    <header class="top">
      <MenuButton app={app} />
      <h1 title={`#${name}`}>
        <span class="sigil">#</span>
        <bdi>{name}</bdi>
      </h1>
      <p class="topic">Former name of #{to}</p>
      <div class="tools">
        <SearchButton app={app} />
      </div>
    </header>
  );
}

export function PersonHeader({ app, view }: { readonly app: App; readonly view: MessageView }) {
  const { current } = app.places;
  return (
    <header class="top">
      <MenuButton app={app} />
      <h1>
        <span class="sigil">@</span>
        <bdi>{view.title}</bdi>
      </h1>
      <p class="topic">
        {current.type === "person" && current.person.room !== undefined
          ? "Private: only the two of you can read it"
          : "Private, not saved"}
      </p>
      <div class="tools">
        <SearchButton app={app} />
        <IconButton
          icon="close"
          label="Close conversation"
          class="tool"
          onClick={() => current.type === "person" && app.navigator.close(current.person)}
        />
      </div>
    </header>
  );
}

function SearchButton({ app }: { readonly app: App }) {
  return (
    <IconButton
      icon="search"
      label="Search"
      class="tool"
      title="Search (Ctrl+K)"
      aria-pressed={app.navigator.isSearchOpen}
      onClick={() =>
        app.navigator.isSearchOpen
          ? app.navigator.closeSearch()
          : app.navigator.openSearch(app.search.query)}
    >
      <span class="wide">Search</span>
    </IconButton>
  );
}

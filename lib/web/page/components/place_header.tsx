/**
 * The header of a room or conversation, with its buttons.
 *
 * @module
 */

import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import type { RoomState } from "../room_state.ts";
import { numberText } from "../time_text.ts";
import { ExportMenu } from "./export_menu.tsx";
import { Icon } from "./icon.tsx";
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
        <button
          type="button"
          class="tool wide"
          aria-label="Chart"
          title="Messages over time"
          aria-pressed={isChartShown}
          onClick={() => app.prefer({ isChartShown: !isChartShown })}
        >
          <Icon name="chart" />
        </button>
        <ExportMenu app={app} room={room} view={view} />
        <button
          type="button"
          class="tool"
          aria-label="About this room"
          title="About this room"
          aria-haspopup="dialog"
          onClick={() => app.overlays.open("room")}
        >
          <Icon name="room" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={`Members: ${numberText(room.members.count)}`}
          title="Members"
          aria-pressed={areMembersShown}
          onClick={() => toggleMembers(app)}
        >
          <Icon name="people" />
          {numberText(room.members.count)}
        </button>
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
        <button
          type="button"
          class="tool"
          aria-label="Close conversation"
          title="Close conversation"
          onClick={() => current.type === "person" && app.navigator.close(current.person)}
        >
          <Icon name="close" />
        </button>
      </div>
    </header>
  );
}

function SearchButton({ app }: { readonly app: App }) {
  return (
    <button
      type="button"
      class="tool"
      aria-label="Search"
      title="Search (Ctrl+K)"
      aria-pressed={app.navigator.isSearchOpen}
      onClick={() =>
        app.navigator.isSearchOpen
          ? app.navigator.closeSearch()
          : app.navigator.openSearch(app.search.query)}
    >
      <Icon name="search" />
      <span class="wide">Search</span>
    </button>
  );
}

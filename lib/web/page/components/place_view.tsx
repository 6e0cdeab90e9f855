/**
 * The open room or conversation, in the middle of the page.
 *
 * @module
 */

import { Fragment, h } from "preact";
import type { App } from "../app.ts";
import { addressOf } from "../base.ts";
import { routePath } from "../route.ts";
import { ChartStrip } from "./chart_strip.tsx";
import { Composer } from "./composer.tsx";
import { FilterBar } from "./filter_bar.tsx";
import { LogBar } from "./log_bar.tsx";
import { JumpButton } from "./jump_button.tsx";
import { Members } from "./members.tsx";
import { Menu } from "./menu.tsx";
import { MessageList } from "./message_list.tsx";
import { MissedCard } from "./missed_card.tsx";
import { MissingRoom, NoRoom, ShutRoom } from "./empty_place.tsx";
import { Outage } from "./outage.tsx";
import { FormerHeader, PersonHeader, RoomHeader } from "./place_header.tsx";
import { SearchPanel } from "./search_panel.tsx";
import { UnreadButton } from "./unread_button.tsx";

export function PlaceView({ app }: { readonly app: App }) {
  const { current } = app.places;
  if (current.type === "missing") return <MissingRoom app={app} name={current.name} />;
  if (current.type === "shut") return <ShutRoom key={current.name} app={app} place={current} />;
  if (current.type === "none") {
    const { status, state } = app.client;
    if (status.type === "live" && state.rooms.length === 0) return <NoRoom app={app} />;
    return <main id="place" class="place" tabIndex={-1} aria-busy="true" />;
  }
  const { view } = current;
  const room = current.type === "room" ? current.room : undefined;
  const title = current.type === "person" ? view.title : `#${view.title}`;
  /** The room, or that of a conversation. */
  const place = current.type === "person" ? current.person.room : view.title;
  const rows = view.rows(app.ownName, app.client.state.unsent.of(app.places.address));
  const hasMembers = room !== undefined && !app.navigator.isSearchOpen &&
    app.preferences.areMembersShown;
  return (
    <>
      <main id="place" class="place" tabIndex={-1}>
        {app.overlays.menu && !app.overlays.menu.isInSidebar && (
          <Menu app={app} menu={app.overlays.menu} />
        )}
        {room
          ? <RoomHeader app={app} room={room} view={view} />
          : current.type === "former"
          ? <FormerHeader app={app} place={current} />
          : <PersonHeader app={app} view={view} />}
        {app.navigator.isSearchOpen ? <SearchPanel app={app} room={room?.name} /> : (
          <>
            {app.preferences.isChartShown && app.filters.chart && (
              <ChartStrip
                app={app}
                chart={app.filters.chart}
              />
            )}
            <MissedCard app={app} />
            {room && view.isLog && <LogBar key={`log-${title}`} app={app} view={view} />}
            <div class={view.isLog ? "list is-log" : "list"}>
              <FilterBar app={app} view={view} />
              <MessageList
                key={title}
                app={app}
                view={view}
                rows={rows}
                reveal={view.reveal}
                isWrapped={app.preferences.areLinesWrapped || !view.isLog}
                room={place}
                label={`Messages ${current.type === "person" ? "with" : "in"} ${title}`}
              />
              {rows.length === 0 && view.query !== "" && view.timeline.isAtStart &&
                !view.pager.isLoading && <p class="nothing" role="status">Nothing matches.</p>}
              <UnreadButton view={view} />
              <JumpButton view={view} unread={room?.unread ?? 0} />
              <Outage app={app} view={view} />
            </div>
            {current.type === "former"
              ? (
                <p class="renamed">
                  #{current.name} is #{current.to} now.{" "}
                  <a href={addressOf(routePath({ room: current.to }))}>Open #{current.to}</a>
                </p>
              )
              : (
                <Composer
                  key={`write-${title}-${view.drafts}`}
                  app={app}
                  view={view}
                  label={`Message ${title}`}
                />
              )}
          </>
        )}
      </main>
      {room && (hasMembers || app.overlays.drawer === "members") && (
        <Members app={app} room={room} />
      )}
    </>
  );
}

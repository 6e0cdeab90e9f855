/**
 * The whole page.
 *
 * @module
 */

import { Fragment, h } from "preact";
import type { App } from "../app.ts";
import { AccountDialog } from "./account_dialog.tsx";
import { Ended } from "./ended.tsx";
import { HelpDialog } from "./help_dialog.tsx";
import { MeasureDialog } from "./measure_dialog.tsx";
import { PlaceView } from "./place_view.tsx";
import { RoomDialog } from "./room_dialog.tsx";
import { RoomsDialog } from "./rooms_dialog.tsx";
import { SettingsDialog } from "./settings_dialog.tsx";
import { Sidebar } from "./sidebar.tsx";
import { Welcome } from "./welcome.tsx";

export function Page({ app }: { readonly app: App }) {
  const { status, state } = app.client;
  if (status.type === "ended") return <Ended app={app} status={status} />;
  // Nothing is known of any room until the first welcome.
  const isIn = state.limits !== undefined || app.entrance.isResuming;
  if (status.type === "idle" || status.type === "refused" || !isIn) return <Welcome app={app} />;
  const { view, isReadOnly } = app.places;
  const hasField = view !== undefined && !isReadOnly && !app.navigator.isSearchOpen;
  return (
    <>
      <a class="skip" href={hasField ? "#message" : "#place"}>
        {hasField ? "Skip to message field" : "Skip the list of rooms"}
      </a>
      <div class={`app ${app.overlays.drawer ? `is-drawn-${app.overlays.drawer}` : ""}`}>
        <Sidebar app={app} />
        <PlaceView app={app} />
      </div>
      {app.overlays.drawer && (
        <button
          type="button"
          class="scrim"
          aria-label="Back to messages"
          onClick={() => app.overlays.setDrawer(undefined)}
        />
      )}
      {app.overlays.dialog === "rooms" && <RoomsDialog app={app} />}
      {app.overlays.dialog === "settings" && <SettingsDialog app={app} />}
      {app.overlays.dialog === "help" && <HelpDialog app={app} />}
      {app.overlays.dialog === "account" && <AccountDialog app={app} />}
      {app.overlays.dialog === "room" && app.places.room && (
        <RoomDialog key={app.places.room.name} app={app} room={app.places.room} />
      )}
      {app.overlays.measure && <MeasureDialog app={app} measure={app.overlays.measure} />}
    </>
  );
}

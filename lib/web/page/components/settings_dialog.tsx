/**
 * The settings: name, theme and notifications.
 *
 * @module
 */

import { h } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import { THEMES } from "../preferences.ts";
import { LinkButton } from "./buttons.tsx";
import { Dialog } from "./dialog.tsx";

const THEME_LABELS = { auto: "Same as system", light: "Light", dark: "Dark" } as const;

export function SettingsDialog({ app }: { readonly app: App }) {
  return (
    <Dialog title="Settings" onClose={() => app.overlays.open(undefined)}>
      <Name app={app} />
      <fieldset>
        <legend>Theme</legend>
        {THEMES.map((theme) => (
          <label key={theme}>
            <input
              type="radio"
              name="theme"
              checked={app.preferences.theme === theme}
              onChange={() => app.prefer({ theme })}
            />
            <span>{THEME_LABELS[theme]}</span>
          </label>
        ))}
      </fieldset>
      <Notifications app={app} />
      <Choice
        label="Play a sound for them"
        isOn={app.preferences.isSounding}
        onChange={(isSounding) => app.prefer({ isSounding })}
      />
      <Choice
        label="Keep the latest messages on this device, to read them offline"
        isOn={app.preferences.isKeeping}
        onChange={(isKeeping) => app.prefer({ isKeeping })}
      />
      <p class="foot">
        <LinkButton onClick={() => app.overlays.open("help")}>Help</LinkButton>
        <LinkButton onClick={() => app.client.command("/quit")}>
          Leave Partyline
        </LinkButton>
        <span class="hint">Version {app.client.state.version}</span>
      </p>
    </Dialog>
  );
}

function Name({ app }: { readonly app: App }) {
  const [name, setName] = useState(app.client.state.name);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    app.commands.rename(name);
    app.overlays.open(undefined);
  };
  return (
    <form onSubmit={onSubmit}>
      <label for="new-name">Name</label>
      <div class="ask">
        <input
          id="new-name"
          value={name}
          maxLength={64}
          autocomplete="nickname"
          spellcheck={false}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" disabled={name.trim() === "" || name === app.client.state.name}>
          Change
        </button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly isOn: boolean;
  onChange(isOn: boolean): void;
}

function Choice({ label, isOn, onChange }: ChoiceProps) {
  return (
    <p>
      <label class="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <span>{label}</span>
      </label>
    </p>
  );
}

function Notifications({ app }: { readonly app: App }) {
  const { isNotifying } = app.preferences;
  const state = "Notification" in globalThis ? Notification.permission : "unsupported";
  const onChange = async (event: Event & { currentTarget: HTMLInputElement }) => {
    const isWanted = event.currentTarget.checked;
    if (isWanted && Notification.permission !== "granted") await Notification.requestPermission();
    app.prefer({ isNotifying: isWanted && Notification.permission === "granted" });
  };
  return (
    <p>
      <label class="check">
        <input
          type="checkbox"
          checked={isNotifying && state === "granted"}
          disabled={state === "unsupported" || state === "denied"}
          onChange={onChange}
        />
        <span>Notify me of mentions and private messages</span>
      </label>
      {state === "denied" && (
        <span class="hint">
          Notifications are blocked. Allow them in the browser's settings for this site.
        </span>
      )}
      {state === "unsupported" && (
        <span class="hint">This browser supports notifications only over https.</span>
      )}
    </p>
  );
}

/**
 * The settings in the sheet of a room, for those who may change them.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { oneLine, ROOM_SWITCHES } from "../moderation.ts";
import { Field } from "./field.tsx";
import type { PartProps } from "./room_people.tsx";
import type { Task } from "./use_task.ts";

export function RoomControls({ settings, act, task }: PartProps & { readonly task: Task }) {
  const values = settings.settings;
  return (
    <>
      <h3>Settings</h3>
      {ROOM_SWITCHES.map(([property, word, label, meaning]) => (
        <p key={word}>
          <label class="check">
            <input
              type="checkbox"
              role="switch"
              // Again after a refusal, which leaves it as it was.
              key={`${values[property]} ${task.isBusy}`}
              checked={values[property]}
              aria-describedby={`about-${word}`}
              onChange={() => act(`/room ${word} ${values[property] ? "off" : "on"}`)}
            />
            <span>{label}</span>
          </label>
          <span id={`about-${word}`} class="hint">
            {meaning[0].toUpperCase() + meaning.slice(1)}
          </span>
        </p>
      ))}
      <Value
        id="room-key"
        label={values.hasKey ? "Key, needed to enter" : "Key, needed to enter; none now"}
        value={values.key ?? ""}
        onSet={(text) => act(`/room key ${text === "" ? "off" : text}`)}
      />
      <Value
        id="room-limit"
        label="Maximum number of people; empty for no limit"
        type="number"
        value={values.limit?.toString() ?? ""}
        onSet={(text) => act(`/room limit ${text === "" ? "off" : text}`)}
      />
      <Value
        id="room-slow"
        label="Slow mode: seconds between a person's messages; 0 for none"
        type="number"
        value={String(values.slowSeconds)}
        onSet={(text) => act(`/room slow ${text === "" || text === "0" ? "off" : text}`)}
      />
    </>
  );
}

interface ValueProps {
  readonly id: string;
  readonly label: string;
  readonly type?: "text" | "number";
  /** What holds now. */
  readonly value: string;
  onSet(text: string): void;
}

/** A field with a button that makes its value hold. */
function Value({ id, label, type, value, onSet }: ValueProps) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    onSet(oneLine(text));
  };
  return (
    <form class="value" onSubmit={onSubmit}>
      <Field id={id} label={label} type={type} value={text} onInput={setText} />
      <button type="submit" aria-label={`Set: ${label}`} disabled={text === value}>Set</button>
    </form>
  );
}

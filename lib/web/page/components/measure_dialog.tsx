/**
 * The dialog that asks for the reason of an act of moderation, and whether to do it.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import { commandOf, DURATIONS, hasDuration, type Measure } from "../moderation.ts";
import { shortened, visibleText } from "../text_parts.ts";
import { Dialog } from "./dialog.tsx";
import { Field } from "./field.tsx";
import { useTask } from "./use_task.ts";

/** Characters of a text that is about to be removed. */
const MAX_QUOTED = 300;

const BUTTONS = { kick: "Kick", ban: "Ban", mute: "Mute", redact: "Redact" } as const;

export interface MeasureDialogProps {
  readonly app: App;
  readonly measure: Measure;
}

export function MeasureDialog({ app, measure }: MeasureDialogProps) {
  const [reason, setReason] = useState("");
  const [duration, setDuration] = useState("1d");
  const [hasAddress, setHasAddress] = useState(false);
  const task = useTask();
  const { act, room, event } = measure;
  const close = () => app.overlays.ask(undefined);
  const onSubmit = async (submission: Event) => {
    submission.preventDefault();
    const line = commandOf(measure, { duration, hasAddress, reason });
    let output = "";
    if (!await task.run(async () => void (output = await app.client.act(line, room)))) return;
    close();
    if (output !== "") app.note(output);
  };
  return (
    <Dialog title={titleOf(measure)} onClose={close}>
      <form class="stack" onSubmit={onSubmit}>
        <p>{meaningOf(measure)}</p>
        {event && (
          <blockquote dir="auto">{shortened(visibleText(event.body), MAX_QUOTED)}</blockquote>
        )}
        {hasDuration(measure) && (
          <>
            <label for="duration">For how long</label>
            <select
              id="duration"
              value={duration}
              onChange={(event) => setDuration(event.currentTarget.value)}
            >
              {DURATIONS.map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
            <p>
              <label class="check">
                <input
                  type="checkbox"
                  checked={hasAddress}
                  aria-describedby="about-address"
                  onChange={(event) => setHasAddress(event.currentTarget.checked)}
                />
                <span>Their address, too</span>
              </label>
              <span id="about-address" class="hint">
                People without an account can come back under another name. Others at the same
                address are affected as well.
              </span>
            </p>
          </>
        )}
        <Field
          id="reason"
          label={act === "redact" ? "Reason, shown in its place" : "Reason (optional)"}
          value={reason}
          maxLength={300}
          describedBy="measure-problem"
          onInput={setReason}
        />
        <p id="measure-problem" class="hint is-error" role="alert">{task.failure?.text}</p>
        <p class="buttons">
          <button type="submit" class="primary" aria-disabled={task.isBusy}>{BUTTONS[act]}</button>
          <button type="button" onClick={close}>Cancel</button>
        </p>
      </form>
    </Dialog>
  );
}

function titleOf({ act, person, room, event }: Measure): string {
  return act === "redact"
    ? `Redact #${event?.seq}?`
    : `${BUTTONS[act]} ${person} ${act === "mute" ? "in" : "from"} #${room}?`;
}

function meaningOf({ act, person, partner, room }: Measure): string {
  switch (act) {
    case "kick":
      return `${person} leaves #${room} now, and can enter it again.`;
    case "ban":
      return `${person} leaves #${room} now, and cannot enter or read it for that time.`;
    case "mute":
      return `${person} can read #${room}, but not speak in it for that time.`;
    case "redact":
      if (partner !== undefined) {
        return `This permanently removes its text for you and ${partner}. Its number and your name stay.`;
      }
      return "This permanently removes its text for everybody, from searches, too. Its number " +
        `and ${person}'s name stay.`;
  }
}

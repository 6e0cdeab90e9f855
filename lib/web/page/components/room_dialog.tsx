/**
 * The sheet of a room: its rules, who has a role in it, who is kept out, and, for those who may, the
 * means to change that.
 *
 * @module
 */

import { Fragment, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { App } from "../app.ts";
import { rulesInWords, whoKeeps, whoMay } from "../moderation.ts";
import { addressOf } from "../base.ts";
import type { RoomState } from "../room_state.ts";
import { routePath } from "../route.ts";
import type { PinJson } from "../../protocol.ts";
import { sentenceOf } from "../announcement.ts";
import { LinkButton } from "./buttons.tsx";
import { CopyLine } from "./copy_button.tsx";
import { DateJump } from "./date_jump.tsx";
import { Dialog } from "./dialog.tsx";
import { MessageText } from "./message_text.tsx";
import { PhoneCode } from "./qr_code.tsx";
import { RoomControls } from "./room_controls.tsx";
import { Kept, type PartProps, People } from "./room_people.tsx";
import { useTask } from "./use_task.ts";

export interface RoomDialogProps {
  readonly app: App;
  readonly room: RoomState;
}

export function RoomDialog({ app, room }: RoomDialogProps) {
  const task = useTask();
  const [outcome, setOutcome] = useState("");
  const load = async () => void await app.client.settings(room.name);
  useEffect(() => void task.run(load), []);
  const act = async (line: string) => {
    let output = "";
    setOutcome("");
    const isDone = await task.runNext(async () => {
      output = await app.client.act(line, room.name);
      await load();
    });
    // What was typed or switched may not be what holds.
    if (!isDone) await app.commands.loadSettings(room);
    setOutcome(output);
  };
  const { settings } = room;
  const [pins, setPins] = useState<readonly PinJson[]>([]);
  const loadPins = () => app.client.pins(room.name).then(setPins, () => {});
  useEffect(() => void loadPins(), []);
  return (
    <Dialog title={`#${room.name}`} onClose={() => app.overlays.open(undefined)}>
      <p class={task.failure ? "hint is-error" : "hint"} role="status">
        {task.failure?.text ?? (settings ? outcome : "Loading…")}
      </p>
      {room.topic !== "" && (
        <p class="topic" dir="auto">
          <MessageText text={room.topic} name="" lastSeq={0} />
        </p>
      )}
      <DateJump app={app} />
      <ShareRoom name={room.name} />
      {settings && (
        <>
          <Rules app={app} settings={settings} act={act} />
          {settings.may.own && <RoomControls settings={settings} act={act} task={task} />}
          <Pins
            app={app}
            room={room.name}
            pins={pins}
            onUnpin={(seq) => act(`/unpin #${seq}`).then(loadPins)}
          />
          <People settings={settings} act={act} />
          {settings.may.moderate && <Kept settings={settings} act={act} />}
        </>
      )}
    </Dialog>
  );
}

/** The link that enters the room, once a newcomer has given a name. */
function ShareRoom({ name }: { readonly name: string }) {
  const { href } = new URL(addressOf(routePath({ room: name })), location.href);
  return (
    <div class="share">
      <CopyLine text={href} />
      <PhoneCode text={href} />
    </div>
  );
}

interface PinsProps {
  readonly app: App;
  readonly room: string;
  readonly pins: readonly PinJson[];
  onUnpin(seq: number): void;
}

function Pins({ app, room, pins, onUnpin }: PinsProps) {
  if (pins.length === 0) return null;
  return (
    <>
      <h3>Pinned</h3>
      <ul class="entries">
        {pins.map(({ seq, by, event }) => (
          <li key={seq}>
            <a
              href={addressOf(routePath({ room, seq }))}
              onClick={() => app.overlays.open(undefined)}
            >
              #{seq} {event ? sentenceOf(event) : "is no longer kept"}
            </a>
            <button
              type="button"
              aria-label={`Unpin #${seq}, pinned by ${by}`}
              onClick={() => onUnpin(seq)}
            >
              Unpin
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Rules({ app, settings, act }: PartProps & { readonly app: App }) {
  const { isRegistered, may } = settings;
  const help = isRegistered ? whoMay(settings) : whoKeeps(settings);
  return (
    <>
      <ul class="rules">
        {rulesInWords(settings).map((sentence) => <li key={sentence}>{sentence}</li>)}
      </ul>
      {help && <p class="hint">{help}</p>}
      {!isRegistered && (
        <p>
          Nobody owns this room. {may.register
            ? (
              <button
                type="button"
                onClick={() => act("/room register")}
              >
                Make this room mine
              </button>
            )
            : app.client.state.account
            ? "Anyone who is alone in it can register it, and so can an operator of the server."
            : (
              <>
                With an account you can own rooms.{" "}
                <LinkButton onClick={() => app.overlays.open("account")}>
                  Register your name
                </LinkButton>
              </>
            )}
        </p>
      )}
    </>
  );
}

/**
 * A modal dialog, closed by its button, Escape or a click outside. Its first control gets the focus.
 * The browser traps the focus in it and restores it afterwards.
 *
 * @module
 */

import { type ComponentChildren, h } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { IconButton } from "./buttons.tsx";

export interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  onClose(): void;
}

export function Dialog({ title, children, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    dialog.current!.showModal();
    const control = content.current!.querySelector<HTMLElement>("input, select, button");
    // On a phone, focusing a field would open a keyboard that covers half of the screen.
    const isUseful = control !== null && matchMedia("(pointer: fine)").matches;
    (isUseful ? control : dialog.current!).focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="dialog-title"
      tabIndex={-1}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current!.close()}
    >
      <div class="inside">
        <header>
          <h2 id="dialog-title">{title}</h2>
          <IconButton icon="close" label="Close" onClick={() => dialog.current!.close()} />
        </header>
        <div ref={content}>{children}</div>
      </div>
    </dialog>
  );
}

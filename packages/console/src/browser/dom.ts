/** The element of an id, of the type that the page gave it. A missing one is a fault of ours, so it is loud. */
export const byId = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`#${id} is not on the page`);
  return found;
};

/** A new element. Text goes in as text nodes only: nothing here parses HTML (Trusted Types are required). */
export const element = <K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

/** Puts a sentence into an alert or status box, or empties it. */
export const say = (box: HTMLElement, ...sentence: (Node | string)[]): void => box.replaceChildren(...sentence);

/** Shows one step and hides the others; the focus goes to its heading, so that it is read out. */
export const showStep = (steps: readonly HTMLElement[], shown: HTMLElement): void => {
  for (const step of steps) step.hidden = step !== shown;
  shown.querySelector('h1')?.focus();
};

/**
 * Does work that must not be started twice. The buttons stay focusable meanwhile (`disabled` would throw the focus
 * away), but are marked and do nothing.
 */
export const whileBusy = async (buttons: readonly HTMLButtonElement[], work: () => Promise<void>): Promise<void> => {
  if (buttons.some((button) => button.getAttribute('aria-disabled') === 'true')) return;
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    for (const button of buttons) button.removeAttribute('aria-disabled');
  }
};

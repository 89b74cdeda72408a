import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { CallError } from '../../../browser/call.ts';
import { applyCompletion, completionAt, OPERATORS } from './complete-query.ts';
import { getSuggestions } from './log-api.ts';

const SETTLE_MS = 120;

/** The value, a moment after it stopped changing. */
const useSettled = <T,>(value: T): T => {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
};

/** What the server says is wrong with the filter, and where. */
const faultIn = (error: unknown): { readonly text: string; readonly at: number | null } | null => {
  if (!(error instanceof CallError) || error.status !== 400) return null;
  return { text: error.causes[0] ?? error.message, at: error.sallyport?.at ?? null };
};

/**
 * The search of the log: words, short forms or an expression, with completion of fields and values by keyboard (ARIA
 * combobox). What was typed stays as typed; a fault is marked under it.
 */
export const QueryBar = ({
  value,
  error,
  onSearch,
}: {
  readonly value: string;
  readonly error: unknown;
  readonly onSearch: (typed: string) => void;
}) => {
  const [typed, setTyped] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const caretToSet = useRef<number | null>(null);
  // With the change itself, not a frame later: whoever types on at once must not have the caret moved under the letters.
  useLayoutEffect(() => {
    if (caretToSet.current === null) return;
    input.current?.setSelectionRange(caretToSet.current, caretToSet.current);
    caretToSet.current = null;
  });
  const listId = useId();
  const faultId = useId();
  // Back, a saved query or a chip changed the search from outside.
  useEffect(() => setTyped(value), [value]);

  const completion = completionAt(typed, caret);
  const settled = useSettled(
    `${completion?.kind}\n${completion?.kind === 'value' ? completion.field : ''}\n${completion?.prefix ?? ''}`,
  );
  const [kind = '', field = '', prefix = ''] = settled.split('\n');
  const asked = useQuery({
    queryKey: ['log', 'suggest', kind, field, prefix],
    queryFn: () => getSuggestions(kind === 'value' ? field : null, prefix),
    enabled: isOpen && (kind === 'value' || (kind === 'field' && prefix !== '')),
    staleTime: 60_000,
    retry: false,
  });
  const options =
    !isOpen || completion === null
      ? []
      : completion.kind === 'operator'
        ? OPERATORS.filter(({ value: op }) => op.startsWith(completion.prefix.toLowerCase()))
        : completion.kind === kind
          ? (asked.data ?? [])
          : [];
  const isShown = options.length > 0;
  const fault = value === typed ? faultIn(error) : null;

  const choose = (index: number): void => {
    const option = options[index];
    if (option === undefined || completion === null) return;
    const next = applyCompletion(typed, caret, completion, option.value);
    setTyped(next.text);
    setCaret(next.caret);
    setActive(-1);
    caretToSet.current = next.caret;
  };

  return (
    <search>
      <form
        className="log-bar"
        onSubmit={(event) => {
          event.preventDefault();
          setIsOpen(false);
          onSearch(typed);
        }}
      >
        <div className="log-bar-place">
          <input
            ref={input}
            data-search
            className="log-bar-input"
            role="combobox"
            aria-label="Search the System Log"
            aria-expanded={isShown}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={isShown && active >= 0 ? `${listId}-${active}` : undefined}
            aria-invalid={fault !== null}
            aria-describedby={fault === null ? undefined : faultId}
            placeholder='Words, outcome:deny, or eventType eq "…"'
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
              setIsOpen(true);
              setActive(-1);
            }}
            onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
            onBlur={() => setIsOpen(false)}
            onKeyDown={(event) => {
              const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              if (step !== undefined) {
                event.preventDefault();
                if (!isOpen) setIsOpen(true);
                else if (isShown)
                  setActive((active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length);
              } else if ((event.key === 'Enter' || event.key === 'Tab') && isShown && active >= 0) {
                event.preventDefault();
                choose(active);
              } else if (event.key === 'Escape' && isShown) {
                event.preventDefault();
                event.stopPropagation();
                setIsOpen(false);
              }
            }}
          />
          {fault?.at !== null && fault !== null && (
            <pre className="log-bar-mark" aria-hidden="true">
              {' '.repeat(Math.min(fault.at, typed.length))}^
            </pre>
          )}
          <div id={listId} role="listbox" aria-label="Completions" className="log-options" hidden={!isShown}>
            {options.map((option, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which names the active option
              // biome-ignore lint/a11y/useFocusableInteractive: an option of a combobox is never focused itself
              <div
                key={option.value}
                id={`${listId}-${i}`}
                role="option"
                aria-selected={i === active}
                className="log-option"
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => choose(i)}
              >
                <code>{option.value}</code> <span className="sp-quiet">{option.label}</span>
              </div>
            ))}
          </div>
          {fault !== null && (
            <p id={faultId} className="log-fault" role="alert">
              {fault.at === null ? fault.text : `At character ${fault.at + 1}: ${fault.text}`}
            </p>
          )}
        </div>
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
};

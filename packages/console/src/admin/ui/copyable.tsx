import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { shortId } from './short-id.ts';

type Told = 'idle' | 'copied' | 'selected';

/** Copies, and says so only when the clipboard took it; else the text is selected for the person to copy. */
const useCopy = (text: string) => {
  const [told, setTold] = useState<Told>('idle');
  const shown = useRef<HTMLElement>(null);
  useEffect(() => {
    if (told === 'idle') return;
    const timer = setTimeout(() => setTold('idle'), 2500);
    return () => clearTimeout(timer);
  }, [told]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setTold('copied');
    } catch {
      if (shown.current !== null) getSelection()?.selectAllChildren(shown.current);
      setTold('selected');
    }
  };
  return { told, copy, shown };
};

const WORDS: Readonly<Record<Told, string>> = { idle: 'Copy', copied: 'Copied', selected: 'Selected: press Ctrl+C' };

/** An id: monospace, shortened in the middle, copied whole. */
export const CopyId = ({ id, label = 'id' }: { readonly id: string; readonly label?: string }) => {
  const { told, copy, shown } = useCopy(id);
  return (
    <span className="sp-id">
      <code ref={shown} title={id}>
        {told === 'selected' ? id : shortId(id)}
      </code>
      <UnstyledButton className="sp-copy" onClick={copy} aria-label={`Copy ${label} ${id}`}>
        <span role="status">{WORDS[told]}</span>
      </UnstyledButton>
    </span>
  );
};

/** A command, or any other line that somebody pastes elsewhere. */
export const CopyLine = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { told, copy, shown } = useCopy(text);
  return (
    <span className="sp-line">
      <code ref={shown}>{text}</code>
      <UnstyledButton className="sp-copy" onClick={copy} aria-label={`Copy ${label}`}>
        <span role="status">{WORDS[told]}</span>
      </UnstyledButton>
    </span>
  );
};

/** Several lines that somebody pastes into a file. */
export const CopyBlock = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const { told, copy, shown } = useCopy(text);
  return (
    <div className="sp-block">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard (WCAG 2.1.1) */}
      <section tabIndex={0} aria-label={label}>
        <pre>
          <code ref={shown}>{text}</code>
        </pre>
      </section>
      <UnstyledButton className="sp-copy" onClick={copy} aria-label={`Copy ${label}`}>
        <span role="status">{WORDS[told]}</span>
      </UnstyledButton>
    </div>
  );
};

/** The same thing from a terminal: each screen that does something shows the command that does it too. */
export const CliFor = ({ command }: { readonly command: string }) => (
  <p className="sp-cli">
    <span className="sp-quiet">In a terminal</span> <CopyLine text={command} label="command" />
  </p>
);

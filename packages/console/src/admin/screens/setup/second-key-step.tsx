import { Button } from '@mantine/core';
import { useMe } from '../../frame/me.ts';
import { CopyLine } from '../../ui/copyable.tsx';
import { GoTo } from '../../ui/go-to.tsx';
import { Word } from '../../ui/word.tsx';
import type { StepProps } from './setup-answer.ts';

/** A second key, so that losing one is no emergency. It is seen, not ticked off. */
export const SecondKeyStep = ({ setup, onChanged }: StepProps) => {
  const me = useMe();
  if (setup.ownKeys >= 2)
    return (
      <p>
        <Word tone="good">{setup.ownKeys} keys</Word> open your account. Keep them in different places.
      </p>
    );
  return (
    <>
      <p>
        {setup.ownKeys === 1
          ? 'One key alone opens your account. If it is lost or breaks, getting back in needs the host.'
          : 'No key that stays on its device opens your account: you could not sign in again.'}
      </p>
      <p>
        <GoTo href="/me/keys">Add a second key here</GoTo>, or run this on the host; it prints a link with which this
        browser registers another key:
      </p>
      <CopyLine text={`sallyport setup key --owner ${me?.user.login ?? 'you@example.org'}`} label="command" />
      <p className="sp-actions">
        <Button variant="default" onClick={onChanged}>
          Look again
        </Button>
        <span className="sp-quiet">Keys of yours now: {setup.ownKeys}</span>
      </p>
    </>
  );
};

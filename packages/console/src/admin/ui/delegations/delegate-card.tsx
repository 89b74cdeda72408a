import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { patch } from '../../api.ts';
import { ConfirmDialog } from '../confirm-dialog.tsx';
import { Instant } from '../instant.tsx';
import { Section } from '../page.tsx';
import { ProtectedButton } from '../protected-button.tsx';
import { QueryView } from '../query-view.tsx';
import { toast } from '../toasts.tsx';
import { Word } from '../word.tsx';
import { DelegateForm } from './delegate-form.tsx';
import type { Delegator, Given } from './delegation.ts';

const GivenFacts = ({ given }: { readonly given: Given }) => (
  <dl className="sp-facts">
    <dt>Who decides</dt>
    <dd>
      {given.delegate.name} <Word tone={given.isActive ? 'good' : 'quiet'}>{given.isActive ? 'now' : 'not yet'}</Word>
    </dd>
    <dt>From</dt>
    <dd>
      <Instant at={given.startsAt} />
    </dd>
    <dt>Until</dt>
    <dd>
      <Instant at={given.endsAt} />
    </dd>
    {given.note !== null && (
      <>
        <dt>Note</dt>
        <dd>“{given.note}”</dd>
      </>
    )}
    {given.namedBy !== null && (
      <>
        <dt>Named by</dt>
        <dd>{given.namedBy}</dd>
      </>
    )}
  </dl>
);

/** Who decides on access requests in somebody's stead: named, changed and ended here. */
export const DelegateCard = ({
  delegator,
  query,
  given,
  children = null,
  onChanged,
}: {
  readonly delegator: Delegator;
  /** The question that `given` answers. */
  readonly query: UseQueryResult<unknown>;
  /** Null is nobody. */
  readonly given: Given | null;
  /** What else stands in the answer. */
  readonly children?: ReactNode;
  readonly onChanged: () => void;
}) => {
  const [open, setOpen] = useState<'none' | 'name' | 'end'>('none');
  const { isMe, name } = delegator;
  const whose = isMe ? 'your' : `${name}’s`;
  const done = (words: string): void => {
    setOpen('none');
    toast(words);
    onChanged();
  };
  return (
    <Section
      title={isMe ? 'While you are away' : 'While they are away'}
      lead={`Somebody may decide on access requests in ${whose} stead, for a time: one vote, whoever of the two gives it first.`}
      tools={
        query.data !== undefined && (
          <>
            <ProtectedButton action={delegator.action} variant="default" onClick={() => setOpen('name')}>
              {given === null ? 'Name somebody…' : 'Change…'}
            </ProtectedButton>
            {given !== null && (
              <ProtectedButton action={delegator.action} color="red" variant="outline" onClick={() => setOpen('end')}>
                End it…
              </ProtectedButton>
            )}
          </>
        )
      }
    >
      <QueryView query={query} what={`who decides in ${whose} stead`} rows={1}>
        {() => (
          <div className="sp-stack">
            {given === null ? (
              <p className="sp-quiet">Nobody decides in {whose} stead.</p>
            ) : (
              <GivenFacts given={given} />
            )}
            {children}
          </div>
        )}
      </QueryView>
      {open === 'name' && (
        <DelegateForm
          delegator={delegator}
          given={given}
          onDone={(who) => done(`${who} is named.`)}
          onClose={() => setOpen('none')}
        />
      )}
      {open === 'end' && given !== null && (
        <ConfirmDialog
          title={`Shall ${given.delegate.name} no longer decide in ${whose} stead?`}
          confirmLabel="End it"
          protectedAction={delegator.action}
          action={() => patch(delegator.path, { delegates: { appointments: [] } })}
          onDone={() => done('It is ended.')}
          onClose={() => setOpen('none')}
        >
          <p>
            {isMe ? 'You decide' : `${name} decides`} alone again, at once. What {given.delegate.name} said yes or no to
            stays as it was decided.
          </p>
        </ConfirmDialog>
      )}
    </Section>
  );
};
